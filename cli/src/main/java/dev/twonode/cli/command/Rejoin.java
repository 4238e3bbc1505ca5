package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.output.Documents;
import dev.twonode.cli.output.MessageView;
import dev.twonode.cli.output.Texts;
import dev.twonode.protocol.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode rejoin`.
@Command(
        name = "rejoin",
        header = "Ends a divergence by keeping one node's history.",
        description = {
            "",
            "For a node that waits because the two histories have nothing in common, because the"
                    + " nodes belong to different pairs, or because --on-divergence=stop told it"
                    + " to. The other node exports what only it has (twonode orphans list) and then"
                    + " copies the kept one. Either may be named with -s: the one that has to act"
                    + " is asked."
        },
        footer = {
            "  twonode rejoin -s a:4222 --keep=a        keep what a holds",
            "  twonode rejoin --keep=a --dry-run        what would happen"
        })
public final class Rejoin implements Callable<Integer>, Connects {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;
    @Mixin private final Consent consent;

    @Option(
            names = "--keep",
            required = true,
            paramLabel = "NAME",
            description = "the node whose history stays")
    private String keep = "";

    public Rejoin(Environment environment) {
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
        this.consent = new Consent(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        try (PairReader reader = connection.reader()) {
            Pair pair = reader.readBoth();
            Seen named = Absence.firstSeen(pair);
            String other = other(pair, named);
            String plan =
                    "%s keeps its history; %s exports what only it has, then copies %s"
                            .formatted(keep, other, keep);
            Seen asked = asked(pair, other);
            checkGivesWay(pair, other);
            plan += restarts(asked, other);
            if (consent.isDryRun()) {
                checkDiverged(asked);
                checkLeader(asked);
                output.print(new MessageView(false, "would rejoin: " + plan + "; nothing changed"));
                return ExitCode.OK.number();
            }
            consent.require(plan + ". Go on?", "rejoin");
            ObjectNode body = Documents.object();
            body.put("keep", keep);
            Reply reply = reader.ask(asked.address(), "rejoin", body, PATIENCE);
            output.print(outcome(reply, asked, plan));
            return ExitCode.OK.number();
        }
    }

    /// The node that acts: the one that gives way; but the kept one where both wait for somebody to
    /// say whose content is whole.
    private Seen asked(Pair pair, String other) {
        boolean unknown = pair.seen().stream().anyMatch(it -> waitsFor(it, Reason.BOTH_UNKNOWN));
        String acting = unknown ? keep : other;
        return seen(pair, acting)
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.UNREACHABLE,
                                "rejoin did not reach " + acting,
                                acting
                                        + (unknown ? " is kept" : " gives way")
                                        + ", and has to be asked",
                                "name it too, once it answers: -s HOST:PORT"));
    }

    /// A leader gives up by itself what diverged from it, and both nodes say then what is left to
    /// do. What it never knew it cannot, and the clients of the other node have seen that.
    private static String restarts(Seen asked, String other) {
        return waitsFor(asked, Reason.OTHER_PAIR) || waitsFor(asked, Reason.UNRELATED)
                ? "; restart kine and the API server of "
                        + other
                        + " once it follows, since they know what it held"
                : "";
    }

    private static Optional<Seen> seen(Pair pair, String node) {
        return pair.seen().stream().filter(it -> it.state().node().equals(node)).findFirst();
    }

    private static boolean waitsFor(Seen node, Reason reason) {
        return node.state().reason().equals(reason.words());
    }

    /// A leader goes on with what it holds. One from which the other diverged goes further than
    /// that, and would win again after a start.
    private void checkGivesWay(Pair pair, String other) {
        Optional<Seen> kept = seen(pair, keep).filter(it -> isDecidable(it.state()));
        Optional<Seen> leader = seen(pair, other).filter(it -> it.state().isLeader());
        if (leader.isEmpty() || kept.isEmpty()) {
            return;
        }
        String lead =
                waitsFor(kept.get(), Reason.DIVERGED)
                        ? "stop the agent of %s, then: twonode promote --force --confirm=%s -s %s; "
                                .formatted(other, keep, kept.get().address())
                        : "";
        throw refused(
                leader.get().state(),
                other + " leads, and does not give way to a node that waits",
                "to keep what "
                        + keep
                        + " holds, "
                        + lead
                        + "start the agent of "
                        + other
                        + " again, and then: twonode rejoin --keep="
                        + keep
                        + " -s "
                        + leader.get().address());
    }

    private static boolean isDecidable(AgentState state) {
        return state.role().equals("waiting")
                && switch (state.health()) {
                    case "diverged", "other-pair", "store-down" -> true;
                    default -> false;
                };
    }

    /// What the agent checks too.
    private void checkDiverged(Seen asked) {
        AgentState state = asked.state();
        if (!isDecidable(state)) {
            throw refused(
                    state,
                    "the nodes have not diverged: "
                            + state.node()
                            + " is "
                            + state.role()
                            + ", its health "
                            + state.health(),
                    "look at both nodes: twonode status -s " + asked.address());
        }
    }

    /// What diverged from a leader is settled by that leader only, while it leads.
    private void checkLeader(Seen asked) {
        AgentState state = asked.state();
        boolean isLed = state.peer().isHeard() && state.peer().role().equals("leader");
        if (waitsFor(asked, Reason.DIVERGED) && !isLed) {
            throw refused(
                    state,
                    keep + " does not lead now, so what it keeps is not known",
                    "start "
                            + keep
                            + " and wait until it leads: twonode status -w -s "
                            + asked.address());
        }
    }

    private Failure refused(AgentState state, String why, String next) {
        String what =
                consent.isDryRun()
                        ? "rejoin would be refused by " + state.node()
                        : "rejoin refused";
        return new Failure(ExitCode.REFUSED, what, why, next);
    }

    private String other(Pair pair, Seen named) {
        AgentState state = named.state();
        String own = state.node();
        String peer = pair.peerOf(named).map(it -> it.state().node()).orElse(state.peer().node());
        if (keep.equals(own)) {
            return peer.isEmpty() ? "the other node" : peer;
        }
        if (keep.equals(peer)) {
            return own;
        }
        throw new Failure(
                ExitCode.USAGE,
                "no node of this pair is named " + Texts.printable(keep),
                "the nodes are " + own + " and " + (peer.isEmpty() ? "one not yet heard" : peer),
                "--keep=" + own + (peer.isEmpty() ? "" : " or --keep=" + peer));
    }

    private static MessageView outcome(Reply reply, Seen asked, String plan) {
        return switch (reply) {
            case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() ->
                    new MessageView(true, "rejoining: " + plan);
            case Reply.Answered(ObjectNode answer) ->
                    throw Refusal.failure("rejoin", answer, asked.address());
            case Reply.Unanswered(String why) ->
                    throw new Failure(
                            ExitCode.OUTCOME_UNKNOWN,
                            "no answer to rejoin from " + asked.address() + "; it may still happen",
                            why,
                            "look at both nodes: twonode status -s " + asked.address());
            case Reply.Failed failed ->
                    throw Absence.failure("rejoin did not reach", asked.address(), failed);
        };
    }
}
