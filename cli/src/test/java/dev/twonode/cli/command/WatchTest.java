package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Environment;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.TwoNode;
import dev.twonode.cli.console.Streams;
import dev.twonode.cli.console.Terminals;
import dev.twonode.config.Surroundings;
import dev.twonode.testing.Await;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `status -w` where there is no terminal: one line for each change.
class WatchTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final FakeAgents agents = FakeAgents.healthy();
    private final StringWriter out = new StringWriter();
    private Thread watcher = new Thread();

    @AfterEach
    void endTheWatch() throws InterruptedException {
        watcher.interrupt();
        watcher.join();
    }

    @Test
    void eachChangeIsOneLineAndNoChangeIsNone() {
        watch("status", "-w=100ms", "-s", "a.example");
        Await.await("first line", BOUND, () -> lines().size() == 1);
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("latestSeq", 3_000));
        Await.holdsFor("no line for a write", Duration.ofMillis(300), () -> lines().size() == 1);
        agents.state(
                FakeAgents.A, StateBuilder.leaderA().with("alone", true).with("inSync", false));
        Await.await("second line", BOUND, () -> lines().size() == 2);

        assertThat(lines().getFirst()).contains("ok", "a: leader in-sync term=7", "b: follower");
        assertThat(lines().getLast())
                .contains("degraded", "a: leader alone", "alone: a leads alone");
    }

    @Test
    void jsonIsOneObjectForEachChange() {
        watch("status", "-w=100ms", "-s", "a.example", "-o", "json");
        Await.await("first object", BOUND, () -> lines().size() == 1);

        assertThat(lines().getFirst()).startsWith("{\"schema\":1,\"time\":");
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private void watch(String... args) {
        Streams streams =
                new Streams(
                        new PrintWriter(out),
                        new PrintWriter(new StringWriter()),
                        new BufferedReader(new StringReader("")),
                        Terminals.NONE,
                        true);
        Path nowhere = Path.of("/nonexistent");
        Surroundings surroundings = new Surroundings(Map.of(), nowhere, nowhere, "test", false);
        Environment environment =
                new Environment(surroundings, streams, agents, InstantSource.system());
        watcher = Thread.ofVirtual().start(() -> TwoNode.run(environment, args));
    }
}
