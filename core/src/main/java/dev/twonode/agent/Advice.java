package dev.twonode.agent;

import dev.twonode.node.CopyTrouble;
import dev.twonode.node.StateNames;
import dev.twonode.protocol.Event.CopyProblem;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.Peer;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;
import java.util.Optional;

/// What an operator is told: one word for how the node is, and what to do about it.
final class Advice {

    /// An agent that has just started is given this long to reach its server.
    private static final long FIRST_CONTACT_MS = 5_000;

    private static final String IN_THE_WAY =
            "Take away what is in the way there (nats stream ls, nats account info)";

    private Advice() {}

    /// `ok`, or one word for what is wrong.
    static String health(State state, Troubles troubles) {
        if (isStoreDown(state)) {
            return "store-down";
        }
        return switch (state) {
            case Starting _ -> troubles.store().isEmpty() ? "starting" : "store-down";
            case Joining _ -> troubles.store().isEmpty() ? "joining" : "store-down";
            case Following f -> f.sync().granted() ? "ok" : "behind";
            case Promoting _ -> troubles.open().isEmpty() ? "promoting" : "cannot-open";
            case Leading leading -> leading(leading, troubles);
            case HandingOver _ -> "ok";
            case Stopped _ -> "stopped";
            case Waiting waiting -> word(waiting.reason());
        };
    }

    private static String leading(Leading leading, Troubles troubles) {
        if (troubles.readOnly(leading).isPresent()) {
            return "store-readonly";
        }
        return troubles.stoppedAlone() ? "shows-nothing" : "ok";
    }

    /// Whether the own server is away, rather than not reached yet.
    private static boolean isStoreDown(State state) {
        if (state.memory().own().connected() || state instanceof Stopped) {
            return false;
        }
        return !(state instanceof Starting starting)
                || starting.memory().now() - starting.since() >= FIRST_CONTACT_MS;
    }

    private static String word(Reason reason) {
        return switch (reason) {
            case NO_PROOF -> "waiting";
            case OTHER_PAIR -> "other-pair";
            case UNRELATED, BOTH_UNKNOWN, DIVERGED -> "diverged";
            case EXPORT_FAILED -> "export-failed";
            case JOURNAL_FAILED -> "journal-failed";
            case STREAM_EDITED -> "stream-edited";
            case CANNOT_OPEN -> "cannot-open";
            default -> "waiting";
        };
    }

    /// What to do now; empty when nothing.
    ///
    /// @param ownUrl the own server, empty for the one that a command takes by itself
    /// @param troubles what goes wrong
    static String next(State state, String ownUrl, String peerUrl, Troubles troubles) {
        Links links = troubles.links();
        if (isStoreDown(state)) {
            return Links.unsuitable(links.own())
                    .map(Advice::ownShut)
                    .orElse("Start this node's NATS server; the agent connects by itself.");
        }
        String shut = state instanceof Stopped ? "" : shut(links);
        boolean explained = state instanceof Waiting it && it.reason() == Reason.NO_PROOF;
        String rest = !shut.isEmpty() && explained ? "" : ofState(state, ownUrl, peerUrl, troubles);
        return (lost(state) + shut + rest).strip();
    }

    private static String ownShut(String why) {
        return "This node's NATS server does not let the agent in: "
                + why
                + ". Put that right there; the agent connects by itself. If its own settings are"
                + " wrong, correct them and start it again.";
    }

    private static String peerShut(String why) {
        return "The peer's NATS server does not let this node's agent in: "
                + why
                + ". Put that right there, or correct what is said here for the peer (--peer-url,"
                + " --peer-user and so on) and start this agent again.";
    }

    /// What the servers do not let this agent do.
    private static String shut(Links links) {
        String way =
                links.astray()
                        .map(PeerLinkWatch.Astray::remedy)
                        .or(() -> Links.unsuitable(links.peer()).map(Advice::peerShut))
                        .orElse("");
        String all = (links.missing() + " " + way).strip();
        return all.isEmpty() ? "" : all + " ";
    }

    private static String ofState(State state, String ownUrl, String peerUrl, Troubles troubles) {
        return switch (state) {
            case Leading leading -> leading(leading, peerUrl, troubles);
            case Waiting waiting -> remedy(waiting, ownUrl);
            case Following following ->
                    paused(following, ownUrl) + behind(following, peerUrl, troubles);
            case Promoting _ -> opening(troubles.open());
            case Starting _ -> unusable(troubles.store());
            case Joining joining -> joining(joining, peerUrl, troubles.store());
            case HandingOver _, Stopped _ -> "";
        };
    }

    /// What is left to do about lost revisions, said by those who lead or follow.
    private static String lost(State state) {
        if (!(state instanceof Leading || state instanceof Following)) {
            return "";
        }
        Jump jump = state.memory().journal().jump();
        if (jump == null || !LossNotice.isNews(jump, StateNames.term(state))) {
            return "";
        }
        String remedy = LossNotice.remedy(jump);
        return remedy.isEmpty() ? "" : remedy + " ";
    }

    private static String leading(Leading leading, String peerUrl, Troubles troubles) {
        Optional<String> refusal = troubles.readOnly(leading);
        if (refusal.isPresent()) {
            return "This node's NATS server does not store what clients write: "
                    + refusal.get()
                    + ". Make room on its disk or raise its limits (max_file_store), then restart"
                    + " it"
                    + (leading.mode() == Mode.BOTH
                            ? "; or let the other node lead meanwhile: twonode stepdown."
                            : ".");
        }
        if (troubles.stoppedAlone()) {
            return "This node shows its clients nothing until the other one is back at "
                    + peerUrl
                    + " (--when-alone stop). Start its server and its agent.";
        }
        return leading.mode() == Mode.ALONE
                ? "Writes are on this node only until the other one is back at " + peerUrl + "."
                : "";
    }

    private static String unusable(String refusal) {
        return refusal.isEmpty()
                ? ""
                : "This node's NATS server refuses the stream: "
                        + refusal
                        + ". Mend that there (is JetStream enabled, for the account of this agent"
                        + " too, with room left?); this node tries again all the time.";
    }

    /// Whoever looks for a peer in vain does so for a while only, unless it was told otherwise.
    private static String joining(Joining joining, String peerUrl, String refusal) {
        if (!refusal.isEmpty()
                || !joining.memory().own().usable()
                || joining.memory().peer().heardAt() >= joining.since()) {
            return unusable(refusal);
        }
        return "This node looks for the other one at "
                + peerUrl
                + ". "
                + ofThisBucket(joining).orElse("")
                + "If that one is not heard in --peer-retries attempts, this node goes on as"
                + " 'waiting', or leads where it may do so alone.";
    }

    /// That nobody was heard beside a server that answers.
    private static Optional<String> ofThisBucket(State state) {
        Peer peer = state.memory().peer();
        return peer.link() == Peer.Link.UP && peer.report() == null
                ? Optional.of(
                        "The other node's NATS server answers, but no agent of this bucket was"
                                + " heard: start that agent, with the same --bucket as this one. ")
                : Optional.empty();
    }

    private static String opening(String refusal) {
        return refusal.isEmpty()
                ? ""
                : "This node is to lead, but its NATS server does not let its stream be opened: "
                        + refusal
                        + ". "
                        + IN_THE_WAY
                        + "; this node tries again all the time.";
    }

    private static String paused(Following following, String ownUrl) {
        return following.memory().paused()
                ? "This node takes over nothing while it is paused. Let it again: nats"
                        + (ownUrl.isEmpty() ? "" : " -s " + ownUrl)
                        + " req resume '' "
                : "";
    }

    private static String behind(Following following, String peerUrl, Troubles troubles) {
        if (troubles.links().astray().isPresent()) {
            return "";
        }
        if (following.memory().peer().link() != Peer.Link.UP) {
            return "The leader's server at " + peerUrl + " cannot be reached.";
        }
        return following.sync().granted()
                ? ""
                : troubles.copy().map(it -> copying(it, troubles.links())).orElse("");
    }

    /// A nats-server that once could not write to its disk stores nothing until it is restarted.
    /// Where a permission is missing, that is why.
    private static String copying(CopyTrouble trouble, Links links) {
        String stopped = "Copying stopped and is tried again: " + trouble.why();
        return trouble.problem() == CopyProblem.OWN && links.denials().isEmpty()
                ? stopped
                        + ". If this node's NATS server has no room left, make room on its disk or"
                        + " raise its limits (max_file_store), then restart it: until then it"
                        + " stores nothing."
                : stopped;
    }

    static String remedy(Waiting waiting, String ownUrl) {
        return switch (waiting.reason()) {
            case NO_PROOF -> alone(waiting, ownUrl);
            case OTHER_PAIR ->
                    waiting.detail()
                            + ". Correct --peer-url and start this agent again; only if the two"
                            + " shall be one pair from now on, choose whose content is kept: "
                            + rejoin(ownUrl);
            case UNRELATED, BOTH_UNKNOWN, DIVERGED ->
                    waiting.detail()
                            + ". Compare both (twonode history), choose whose content is kept: "
                            + rejoin(ownUrl);
            case EXPORT_FAILED ->
                    waiting.detail() + ". Make room in the state folder; nothing was deleted.";
            case JOURNAL_FAILED -> waiting.detail() + ". The agent goes on by itself then.";
            case CANNOT_OPEN ->
                    "This node was to lead, but its NATS server does not let its stream be opened: "
                            + waiting.detail()
                            + ". The other node leads instead. "
                            + IN_THE_WAY
                            + ".";
            case STREAM_EDITED -> edited(waiting);
            default -> waiting.detail();
        };
    }

    private static String rejoin(String ownUrl) {
        return "twonode rejoin"
                + (ownUrl.isEmpty() ? "" : " -s " + ownUrl)
                + " --keep=NAME (what is dropped is exported first)";
    }

    /// The server takes back no change that only goes one way, such as `sealed`. Where the other
    /// node leads, this stream is not needed.
    private static String edited(Waiting waiting) {
        Report peer = waiting.memory().peer().report();
        String putBack =
                waiting.detail() + ". Put the stream's configuration back (nats stream edit)";
        return peer == null || !peer.leads()
                ? putBack + " or remove the stream if it is not kine's."
                : putBack
                        + "; if the server refuses that or the stream is not kine's, back it up"
                        + " (nats stream backup) and remove it (nats stream rm): "
                        + peer.sender().node()
                        + " leads, and this node copies everything from there.";
    }

    /// A node that never had a peer has none to wait for; one that had must not be made to lead
    /// before somebody saw what that would lose.
    private static String alone(Waiting waiting, String ownUrl) {
        String start =
                ofThisBucket(waiting)
                        .map(missing -> missing + "This node goes on when they meet.")
                        .orElse("Start the other node; this one goes on when they meet.");
        if (waiting.memory().journal().history().terms().isEmpty()) {
            return start + " First start? Start one of the two nodes with --leader.";
        }
        return start
                + " If the other one is lost for good, see what would be lost: twonode promote"
                + (ownUrl.isEmpty() ? "" : " -s " + ownUrl)
                + " --dry-run";
    }
}
