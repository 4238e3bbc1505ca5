package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.output.Documents;
import dev.twonode.cli.output.ReportView;
import dev.twonode.cli.output.StreamRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// `twonode report`.
@Command(
        name = "report",
        header = "Shows the stream on both nodes and the replication between them.",
        description = {
            "",
            "The columns of 'nats stream report', for the bucket's stream on each node, and how the"
                    + " copy of each stands. TSV holds the streams only."
        },
        footer = {
            "  twonode report -s localhost:4222",
            "  twonode report -o json | jq '.replication[].lag'"
        })
public final class Report implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    public Report(Environment environment) {
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
            Pair pair = reader.readBoth();
            Absence.firstSeen(pair);
            List<StreamRow> streams = new ArrayList<>();
            for (Seen seen : pair.seen()) {
                streams.add(stream(reader, seen));
            }
            output.print(new ReportView(connection.bucket(), streams, pair));
        }
        return ExitCode.OK.number();
    }

    /// The server knows more of the stream than the agent; without its word the agent's has to do.
    private StreamRow stream(PairReader reader, Seen seen) {
        String name = seen.state().json().path("stream").asText("KV_" + connection.bucket());
        Reply reply =
                reader.raw(
                        seen.address(),
                        "$JS.API.STREAM.INFO." + name,
                        Documents.object(),
                        reader.timeout());
        ObjectNode info =
                reply instanceof Reply.Answered(ObjectNode body) && !body.has("error")
                        ? body
                        : Documents.object();
        return StreamRow.of(seen, name, info);
    }
}
