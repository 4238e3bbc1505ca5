package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// The page about JSON names every field that a command prints, and no other.
class JsonPageTest {

    /// A command as it is typed.
    ///
    /// @param name its words
    /// @param rest what it needs besides
    record Typed(String name, List<String> rest) {}

    private static Typed typed(String name, String... rest) {
        return new Typed(name, List.of(rest));
    }

    static List<Typed> typed() {
        return List.of(
                typed("status"),
                typed("state"),
                typed("report"),
                typed("history"),
                typed("orphans list"),
                typed("orphans show", "n"),
                typed("stepdown", "--dry-run"),
                typed("stepdown", "--yes"),
                typed("promote"),
                typed("rejoin", "--keep=b", "--yes"),
                typed("acknowledge"),
                typed("version"));
    }

    /// It measures for minutes, so what it prints is looked at where it is made.
    private static final Set<String> ELSEWHERE = Set.of("bench");

    @ParameterizedTest
    @MethodSource("typed")
    void everyFieldStandsInThePageAndTheOtherWayRound(Typed typed) throws IOException {
        assertThat(JsonPage.fields(printed(typed))).isEqualTo(JsonPage.documented(typed.name()));
    }

    @Test
    void everyCommandThatHasJsonStandsInThePageAndIsTried() throws IOException {
        Set<String> all = new TreeSet<>();
        collect("", Cli.commands(), all);

        assertThat(JsonPage.commands()).isEqualTo(all);
        Set<String> tried = typed().stream().map(Typed::name).collect(Collectors.toSet());
        tried.addAll(ELSEWHERE);
        assertThat(tried).isEqualTo(all);
    }

    private static void collect(String parent, CommandLine line, Set<String> found) {
        for (CommandLine child : line.getSubcommands().values()) {
            String name = (parent + " " + child.getCommandName()).strip();
            if (child.getCommandSpec().findOption("--output") != null) {
                found.add(name);
            }
            collect(name, child, found);
        }
    }

    private static String printed(Typed typed) throws IOException {
        List<String> words = new ArrayList<>(List.of(typed.name().split(" ")));
        words.addAll(typed.rest());
        words.addAll(List.of("-s", "a.example", "-o", "json"));
        Launched launched = new Cli().agents(agents()).run(words.toArray(String[]::new));
        assertThat(launched.exitCode()).as(launched.error()).isZero();
        return launched.output();
    }

    private static FakeAgents agents() throws IOException {
        return FakeAgents.healthy()
                .state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("orphans", 1)
                                .denied("publish", "state", "state")
                                .nested("copy", "{\"unit\":\"messages\"}")
                                .object(
                                        "lost",
                                        """
                                        {"term":6,"from":1,"to":2,"bounded":true,"next":3,
                                         "restarted":"by-hand","message":""}
                                        """)
                                .object("agent", "{\"whatever\":{\"it\":\"is\"}}"))
                .answer(
                        FakeAgents.A,
                        "twonode.kine.orphans",
                        answered(
                                """
                                {"ok":true,"exports":[{"name":"n","time":"t","term":1,"from":1,
                                 "to":2,"count":2,"acknowledged":"no","bytes":3}],"lines":["{}"]}
                                """))
                .answer(FakeAgents.A, "twonode.kine.rejoin", answered("{\"ok\":true}"))
                .answer(FakeAgents.A, "twonode.kine.acknowledge", answered("{\"ok\":true}"))
                .answer(
                        FakeAgents.A,
                        "twonode.kine.stepdown",
                        answered(
                                """
                                {"ok":true,"leader":"b","term":8,"handoverSeq":1,"heldMs":2}
                                """));
    }

    private static Reply answered(String json) throws IOException {
        JsonNode body = JsonText.read(json.getBytes(StandardCharsets.UTF_8));
        return new Reply.Answered((ObjectNode) body);
    }
}
