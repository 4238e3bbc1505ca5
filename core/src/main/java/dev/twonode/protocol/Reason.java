package dev.twonode.protocol;

/// Why a node entered its state, in words for logs, reports and tests.
public enum Reason {
    STARTED("started"),
    FIRST_READ("own stream read"),
    JOURNAL_OLDER("the journal is older than the own stream, as when it was put back"),
    FENCED("own stream fenced"),
    CONTACT("contact with the peer"),
    PEER_LEADS("the peer leads"),
    LOST_CONTEST("the peer's stream goes further or the peer is preferred"),
    WON_CONTEST("this node's stream goes further or this node is preferred"),
    NO_CONTACT_ALONE("no contact, and the journal holds the sole right"),
    NO_CONTACT_FIRST("no contact at the very first start of the designated node"),
    NO_CONTACT_LOOSE("no contact, and --start-alone=designated"),
    NO_PROOF("no contact, and no proof that the peer does not lead"),
    PEER_RESIGNED("the leader resigned"),
    PEER_KILLED("the leader's server ended and refuses connections"),
    PEER_SILENT("the leader was silent for the peer time-out"),
    PEER_AGENT_SILENT("the leader's agent was silent while its server answers"),
    GRANTED("the leader handed over"),
    HANDED_OVER("handed over to the peer"),
    HANDOVER_ABORTED("the follower did not reach the barrier in time"),
    GRANT_WITHDRAWN("the grant was withdrawn"),
    GRANT_UNANSWERED("the grant had no answer and the peer stayed silent"),
    FOLLOWER_SILENT("the follower was silent for the peer time-out"),
    FOLLOWER_KILLED("the follower is silent, its server ended and refuses connections"),
    FOLLOWER_LEFT("the follower left"),
    FOLLOWER_IN_SYNC("the follower is in sync"),
    NUMBER_OVERTAKEN("a higher term number is known"),
    TERM_ENDED("the leader's term ended"),
    SERVER_CHANGED("the own server was restarted"),
    STREAM_CHANGED("the own stream was replaced"),
    FOREIGN_FENCE("the peer fenced this node's stream"),
    STREAM_EDITED("the own stream was edited by hand"),
    CANNOT_OPEN("the own server does not open the stream"),
    STORE_DOWN("the own server does not answer"),
    PEER_AHEAD("the peer's position is greater"),
    BOTH_LED("both nodes led"),
    ATTEMPT_DROPPED("the promotion was dropped"),
    OTHER_PAIR("the peer belongs to another pair"),
    UNRELATED("the two streams share no term"),
    BOTH_UNKNOWN("neither stream's content is known"),
    DIVERGED("this node holds messages that the leader does not have"),
    EXPORT_FAILED("orphans or the local snapshot could not be written"),
    JOURNAL_FAILED("the journal cannot be written"),
    OPERATOR("an operator asked for it"),
    STOPPING("the agent was asked to stop");

    private final String words;

    Reason(String words) {
        this.words = words;
    }

    /// The reason in words.
    public String words() {
        return words;
    }
}
