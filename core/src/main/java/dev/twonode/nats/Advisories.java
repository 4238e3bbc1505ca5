package dev.twonode.nats;

/// Subjects on which a server announces what happens to a stream.
public final class Advisories {

    private Advisories() {}

    /// Announces each update of a stream's configuration, whoever made it (rule G4).
    public static String updated(String stream) {
        return "$JS.EVENT.ADVISORY.STREAM.UPDATED." + stream;
    }
}
