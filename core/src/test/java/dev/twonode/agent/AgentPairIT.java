package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
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
            long seq = pair.a.put("x", "1");
            pair.b.awaitInSync();
            Await.await(
                    "b has sequence " + seq,
                    Duration.ofSeconds(5),
                    () -> pair.b.state().orElseThrow().path("latestSeq").asLong() == seq);
            assertThat(pair.a.state().orElseThrow().path("isLeader").asBoolean()).isTrue();
        }
    }

    @Test
    void followerTakesOverWhenTheLeadersServerAndAgentDie() {
        try (TestPair pair = new TestPair(folder)) {
            pair.a.start();
            pair.b.start();
            pair.b.awaitRole("follower");
            pair.a.put("x", "1");
            pair.b.awaitInSync();
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
            pair.a.put("x", "1");
            pair.b.awaitInSync();
            JsonNode answer = pair.a.ask("stepdown", "").orElseThrow();
            assertThat(answer.toString()).contains("\"ok\":true", "\"leader\":\"b\"");
            pair.b.awaitRole("leader");
            pair.a.awaitRole("follower");
            assertThat(pair.b.put("x", "2")).isEqualTo(2);
            pair.a.awaitInSync();
        }
    }
}
