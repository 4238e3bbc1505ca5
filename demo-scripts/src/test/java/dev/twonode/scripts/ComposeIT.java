package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnorth.ducttape.unreliables.Unreliables;

/// The compose file as it stands, without its K3s services: servers, agents and a kine each, in
/// containers. Where the images cannot be had, stand-ins are built from this machine's programs.
@NeedsDocker
final class ComposeIT {
    private static final String KEYS = "/registry/tests/";
    private static final int BATCH = 50;

    private final Map<String, String> written = new TreeMap<>();
    private DockerCompose compose;

    @BeforeEach
    void bringBothNodesUp(@TempDir Path kubeconfigs) {
        DockerCompose.buildImages("nats", "kine", "twonode");
        compose = new DockerCompose(kubeconfigs);
        compose.start("nats1", "kine1", "nats2", "kine2");
    }

    @AfterEach
    void removeEverything() {
        compose.close();
    }

    private JsonNode state(int node) {
        String text =
                compose.docker("exec", "-T", "twonode" + node, "twonode", "state", "-o", "json");
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private void await(int node, Predicate<JsonNode> condition) {
        Unreliables.retryUntilTrue(60, TimeUnit.SECONDS, () -> condition.test(state(node)));
    }

    private static boolean follows(JsonNode state) {
        return !state.path("isLeader").asBoolean() && state.path("inSync").asBoolean();
    }

    private static boolean leads(JsonNode state) {
        return state.path("isLeader").asBoolean();
    }

    /// Writes through the kine of a node; nothing may fail.
    private void write(int node) throws InterruptedException {
        try (KineClient kine = new KineClient(compose.port("KINE" + node))) {
            for (int i = 0; i < BATCH; i++) {
                String key = KEYS + "%04d".formatted(written.size());
                assertThat(kine.create(key, "by kine" + node)).as(key).isTrue();
                written.put(key, "by kine" + node);
            }
        }
    }

    private void assertThatAllIsThere(int node) throws InterruptedException {
        try (KineClient kine = new KineClient(compose.port("KINE" + node))) {
            assertThat(kine.list(KEYS)).isEqualTo(written);
        }
    }

    @Test
    void theFollowerTakesOverAndTheDeadNodeComesBackInSync() throws InterruptedException {
        await(1, ComposeIT::leads);
        await(2, ComposeIT::follows);
        write(1);
        write(2);

        compose.docker("kill", "nats1", "twonode1", "kine1");
        write(2);
        await(2, ComposeIT::leads);
        assertThatAllIsThere(2);

        compose.docker("up", "-d", "nats1", "kine1");
        await(1, ComposeIT::follows);
        await(2, state -> leads(state) && state.path("inSync").asBoolean());
        assertThatAllIsThere(1);

        compose.docker("exec", "-T", "twonode2", "twonode", "stepdown", "--yes");
        await(1, ComposeIT::leads);
        write(1);
        write(2);
        assertThatAllIsThere(1);
        assertThatAllIsThere(2);
    }
}
