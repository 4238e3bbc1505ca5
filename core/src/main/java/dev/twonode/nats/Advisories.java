package dev.twonode.nats;

/// Subjects on which a server announces what happens to a stream.
public final class Advisories {

    private Advisories() {}

    /// Announces each update of a stream's configuration, whoever made it (rule G4).
    public static String updated(String stream) {
        return "$JS.EVENT.ADVISORY.STREAM.UPDATED." + stream;
    }

    /// Announces whatever is done to a stream as a whole, such as its creation and its end.
    public static String any(String stream) {
        return "$JS.EVENT.ADVISORY.STREAM.*." + stream;
    }
}
