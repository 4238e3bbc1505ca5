package dev.twonode.protocol;

/// The answer to a request of an operator or of the peer.
public sealed interface Answer {

    /// The node that now leads.
    ///
    /// @param term its term; its start is the first sequence after the handover
    record Led(Term term) implements Answer {}

    /// Done, nothing more to say.
    record Done() implements Answer {}

    /// Not done, and nothing was changed.
    record Refused(Code code, String why) implements Answer {}

    /// A promotion would lose writes; nothing was changed.
    ///
    /// @param lastHeardSeq the leader's last sequence as last heard
    /// @param heldSeq this node's last sequence
    /// @param unheardMs since when the leader was not heard, -1 when it never was
    record WouldLose(long lastHeardSeq, long heldSeq, long unheardMs) implements Answer {}

    /// It may or may not have happened.
    record Unknown(String why) implements Answer {}

    /// Why a request was refused.
    enum Code {
        NOT_LEADER("not-leader"),
        NOT_FOLLOWER("not-follower"),
        NOT_IN_SYNC("not-in-sync"),
        PEER_UNREACHABLE("peer-unreachable"),
        BUSY("busy"),
        STALE("stale"),
        STORE_DOWN("store-down"),
        NOT_NEEDED("not-needed");

        private final String word;

        Code(String word) {
            this.word = word;
        }

        /// The word used in JSON.
        public String word() {
            return word;
        }
    }
}
