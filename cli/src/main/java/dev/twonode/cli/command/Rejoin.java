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
            "For two nodes that wait because their histories have nothing in common, or because"
                    + " --on-divergence=stop told them to. The other node exports what only it has"
                    + " (twonode orphans list) and then copies the kept one."
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
            Seen asked = Absence.firstSeen(pair);
            String other = other(asked);
            String plan =
                    "%s keeps its history; %s exports what only it has, then copies %s"
                            .formatted(keep, other, keep);
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

    /// What the agent checks too.
    private static void checkDiverged(Seen asked) {
        AgentState state = asked.state();
        boolean decidable =
                state.role().equals("waiting")
                        && switch (state.health()) {
                            case "diverged", "other-pair", "store-down" -> true;
                            default -> false;
                        };
        if (!decidable) {
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
        if (!state.reason().equals(Reason.DIVERGED.words())) {
            return;
        }
        if (keep.equals(state.node())) {
            throw refused(
                    state,
                    "the other node leads with content of its own",
                    "to keep what "
                            + keep
                            + " holds, stop the other agent, then: twonode promote --force"
                            + " --confirm="
                            + keep
                            + " -s "
                            + asked.address());
        }
        boolean isLed = state.peer().isHeard() && state.peer().role().equals("leader");
        if (!isLed) {
            throw refused(
                    state,
                    keep + " does not lead now, so what it keeps is not known",
                    "start "
                            + keep
                            + " and wait until it leads: twonode status -w -s "
                            + asked.address());
        }
    }

    private static Failure refused(AgentState state, String why, String next) {
        return new Failure(
                ExitCode.REFUSED, "rejoin would be refused by " + state.node(), why, next);
    }

    private String other(Seen asked) {
        String own = asked.state().node();
        String peer = asked.state().peer().node();
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
