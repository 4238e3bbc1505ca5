package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
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
            JsonNode answer = pair.a.ask("stepdown", "").orElseThrow();
            assertThat(answer.toString()).contains("\"ok\":true", "\"leader\":\"b\"");
            pair.b.awaitRole("leader");
            pair.a.awaitRole("follower");
            assertThat(pair.b.put("x", "2")).isEqualTo(2);
            pair.a.awaitInSync();
        }
    }
}
