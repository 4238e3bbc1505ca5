package dev.twonode.protocol;

/// A state's name, as told to the peer and shown to operators.
public enum Role {
    STARTING("starting"),
    JOINING("joining"),
    FOLLOWING("follower"),
    PROMOTING("promoting"),
    LEADING("leader"),
    HANDING_OVER("handing-over"),
    WAITING("waiting"),
    STOPPED("stopped");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /// The word used in JSON and on screens.
    public String word() {
        return word;
    }
}
