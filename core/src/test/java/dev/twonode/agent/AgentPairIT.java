package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentPairIT {

    @TempDir private Path folder;

    @Test
    void newPairFindsItsLeaderAndTheFollowerCopies() {
        try (TestPair pair = new TestPair(folder)) {
            pair.a.start();
            pair.b.start();
            pair.a.awaitRole("leader");
            pair.b.awaitRole("follower");
            pair.b.awaitInSync();
            pair.b.awaitSequence(pair.a.put("x", "1"));
            assertThat(pair.a.state().orElseThrow().path("isLeader").asBoolean()).isTrue();
        }
    }

    @Test
    void followerTakesOverWhenTheLeadersServerAndAgentDie() {
        try (TestPair pair = new TestPair(folder)) {
            pair.a.start();
            pair.b.start();
            pair.b.awaitRole("follower");
            pair.b.awaitInSync();
            pair.b.awaitSequence(pair.a.put("x", "1"));
            pair.a.server.kill();
            pair.a.killAgent();
            pair.b.awaitRole("leader");
            assertThat(pair.b.put("x", "2")).isEqualTo(2);
            pair.a.server.restart();
            pair.a.start();
            pair.a.awaitRole("follower");
            pair.a.awaitInSync();
        }
    }

    @Test
    void leaderHandsOverOnRequest() {
        try (TestPair pair = new TestPair(folder)) {
            pair.a.start();
            pair.b.start();
            pair.b.awaitRole("follower");
            pair.b.awaitInSync();
            pair.b.awaitSequence(pair.a.put("x", "1"));
            JsonNode answer = pair.a.ask("stepdown", TestPair.PATIENTLY).orElseThrow();
            assertThat(answer.toString()).contains("\"ok\":true", "\"leader\":\"b\"");
            pair.b.awaitRole("leader");
            pair.a.awaitRole("follower");
            assertThat(pair.b.put("x", "2")).isEqualTo(2);
            pair.a.awaitInSync();
        }
    }

    private static List<String> reasons(TestPair.Node node) {
        return node.state().orElseThrow().path("events").findValuesAsText("reason");
    }

    private static long commitSeq(TestPair.Node node) {
        return node.state().orElseThrow().path("commitSeq").asLong();
    }

    private static long wholeCopies(TestPair.Node node) {
        return reasons(node).stream().filter(it -> it.startsWith("has copied everything")).count();
    }

    @Test
    void aStreamThatWasLostAndCopiedAnewStandsInTheHistory() {
        try (TestPair pair = TestPair.inSync(folder)) {
            pair.b.awaitSequence(pair.a.put("x", "1"));
            pair.b.awaitSequence(pair.a.put("y", "2"));
            Await.await(
                    "b knows what is committed",
                    Duration.ofSeconds(20),
                    () -> commitSeq(pair.b) > 0);

            pair.b.api("STREAM.DELETE.KV_kine", "");

            Await.await("a copy", Duration.ofSeconds(20), () -> wholeCopies(pair.b) == 1);
            pair.b.awaitInSync();
            assertThat(reasons(pair.b))
                    .anyMatch(it ->
                            it.matches(
                                    "copies everything from a: the own stream was lost, which was"
                                            + " of term \\d and held at least all up to .*"))
                    .anyMatch(it ->
                            it.matches(
                                    "has copied everything from a in .* s: 2 messages up to"
                                            + " sequence 2"));
            pair.b.killAgent();
            pair.b.start();
            pair.b.awaitInSync();
            assertThat(wholeCopies(pair.b)).as("after a restart").isZero();
        }
    }

    @Test
    void noLineOfTheHistoryRepeatsTheOneBefore() {
        try (TestPair pair = TestPair.inSync(folder)) {
            pair.handOver();
            for (TestPair.Node node : List.of(pair.a, pair.b)) {
                List<String> told = new ArrayList<>();
                for (JsonNode event : node.state().orElseThrow().path("events")) {
                    told.add(event.path("to").asText() + ": " + event.path("reason").asText());
                }
                for (int i = 1; i < told.size(); i++) {
                    assertThat(told.get(i)).as("in " + told).isNotEqualTo(told.get(i - 1));
                }
            }
        }
    }
}
