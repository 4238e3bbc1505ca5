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
import dev.twonode.cli.output.AcknowledgedView;
import dev.twonode.cli.output.AcknowledgedView.Node;
import dev.twonode.cli.output.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// `twonode acknowledge`.
@Command(
        name = "acknowledge",
        header = "Says that kine and the API server were restarted after a loss.",
        description = {
            "",
            "Where revisions were given up, kine and the API server (K3s) of both nodes know them"
                    + " until they are restarted, and 'twonode status' says so until then: until"
                    + " the command of --on-revisions-lost has restarted them, or until you did and"
                    + " say so by this. Each node has its own, so -s names each node whose were"
                    + " restarted."
        },
        footer = {
            "  twonode acknowledge -s a:4222          those of node a were restarted",
            "  twonode acknowledge -s a:4222,b:4222   those of both"
        })
public final class Acknowledge implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    public Acknowledge(Environment environment) {
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        try (PairReader reader = connection.reader()) {
            Pair named = reader.readNamed();
            if (!named.unseen().isEmpty()) {
                throw Absence.failure(named.unseen().getFirst());
            }
            List<Node> nodes = new ArrayList<>();
            List<Failure> failures = new ArrayList<>();
            for (Seen seen : named.seen()) {
                try {
                    nodes.add(acknowledge(reader, seen));
                } catch (Failure failure) {
                    failures.add(failure);
                    nodes.add(Node.failed(seen.state().node(), said(failure)));
                }
            }
            if (failures.isEmpty() || nodes.size() > 1) {
                output.print(new AcknowledgedView(nodes));
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            return ExitCode.OK.number();
        }
    }

    private static String said(Failure failure) {
        return failure.what() + (failure.why().isEmpty() ? "" : ": " + failure.why());
    }

    private static Node acknowledge(PairReader reader, Seen seen) {
        AgentState.Lost lost = seen.state().lost();
        String name = seen.state().node();
        if (lost.message().isEmpty() || lost.restarted()) {
            String catchesUp = seen.state().catchesUp();
            return catchesUp.isEmpty() ? Node.unconcerned(name) : Node.tooEarly(name, catchesUp);
        }
        ObjectNode body = Documents.object().put("term", lost.term());
        return switch (reader.ask(seen.address(), "acknowledge", body, reader.timeout())) {
            case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() ->
                    Node.settled(name, lost.term());
            case Reply.Answered(ObjectNode answer) ->
                    throw Refusal.failure("acknowledge by " + name, answer, seen.address());
            case Reply.Unanswered(String why) ->
                    throw new Failure(
                            ExitCode.OUTCOME_UNKNOWN,
                            "no answer to acknowledge from " + seen.address(),
                            why,
                            "look whether it still tells of them: twonode status -s "
                                    + seen.address());
            case Reply.Failed failed ->
                    throw Absence.failure("acknowledge did not reach", seen.address(), failed);
        };
    }
}
