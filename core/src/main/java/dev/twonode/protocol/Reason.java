package dev.twonode.protocol;

/// Why a node entered its state, in words for logs, reports and tests.
public enum Reason {
    STARTED("started"),
    FIRST_READ("own stream read"),
    JOURNAL_OLDER("the journal is older than the own stream, as when it was put back"),
    FENCED("own stream fenced"),
    CONTACT("contact with the peer", true),
    PEER_LEADS("the peer leads"),
    LOST_CONTEST("the peer's stream goes further or the peer is preferred"),
    WON_CONTEST("this node's stream goes further or this node is preferred", true),
    NO_CONTACT_ALONE("no contact, and this node alone had the right to lead"),
    NO_CONTACT_FIRST("no contact at the very first start of the node with --leader"),
    NO_CONTACT_LOOSE("no contact, and --start-alone=designated"),
    NO_PROOF("no contact, and no proof that the peer does not lead"),
    PEER_RESIGNED("the leader resigned", true),
    PEER_KILLED("the leader's server ended and refuses connections", true),
    PEER_SILENT("the leader was silent for the peer time-out", true),
    PEER_AGENT_SILENT("the leader's agent was silent while its server answers", true),
    GRANTED("the leader handed over", true),
    HANDED_OVER("handed over to the peer"),
    HANDOVER_ABORTED("the follower did not get the last writes in time"),
    GRANT_WITHDRAWN("the handover was taken back"),
    GRANT_UNANSWERED("the peer did not answer the handover and stayed silent"),
    FOLLOWER_SILENT("the follower was silent for the peer time-out"),
    FOLLOWER_KILLED("the follower is silent, its server ended and refuses connections"),
    FOLLOWER_LEFT("the follower left", true),
    FOLLOWER_IN_SYNC("the follower is in sync"),
    NUMBER_OVERTAKEN("the peer knows of a later term", true),
    TERM_ENDED("the leader's term ended"),
    SERVER_CHANGED("the own server was restarted"),
    STREAM_CHANGED("the own stream was replaced"),
    FOREIGN_FENCE("the peer fenced this node's stream"),
    STREAM_EDITED("the own stream was edited by hand"),
    CANNOT_OPEN("the own server does not open the stream"),
    STORE_DOWN("the own server does not answer"),
    STORE_READONLY("the own server stores no writes"),
    PEER_AHEAD("the peer's stream is of a later term or goes further"),
    BOTH_LED("both nodes led"),
    ATTEMPT_DROPPED("this node gave up becoming leader"),
    OTHER_PAIR("the peer belongs to another pair"),
    UNRELATED("the two streams have nothing in common"),
    BOTH_UNKNOWN("neither stream's content is known"),
    DIVERGED("this node holds messages that the leader does not have"),
    EXPORT_FAILED("orphans or the local snapshot could not be written"),
    JOURNAL_FAILED("the journal cannot be written"),
    OPERATOR("an operator asked for it"),
    STOPPING("the agent was asked to stop");

    private final String words;
    private final boolean peersWord;

    Reason(String words) {
        this(words, false);
    }

    Reason(String words, boolean peersWord) {
        this.words = words;
        this.peersWord = peersWord;
    }

    /// Whether a node that leads alone for it does so because its peer consented or says that it
    /// has no store to lead with, or because it took over from its peer. All else is silence, which
    /// the peer may have heard as well.
    boolean hasPeersWord() {
        return peersWord;
    }

    /// The reason in words.
    public String words() {
        return words;
    }
}
