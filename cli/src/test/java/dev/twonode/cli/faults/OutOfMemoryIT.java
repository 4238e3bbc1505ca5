package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent whose memory is used up ends as one that was killed: at once, and with a number that
/// says so.
class OutOfMemoryIT {

    private static final int KILLED = 137;
    private static final String LARGE = "max_payload: 64MB\nmax_pending: 128MB";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // the test begins with it
    private FaultPair pair;

    @AfterEach
    void end() {
        pair.close();
    }

    @Test
    @SuppressWarnings("try") // closing a client is never interrupted here
    void theAgentEndsAtOnceAndThePeerTakesOver() throws Exception {
        pair =
                new FaultPair(
                        folder,
                        NatsServerProcess.configure().extra(LARGE).start(),
                        NatsServerProcess.configure().extra(LARGE).start());
        int port = NatsServerProcess.freePort();
        pair.a.openGateway(port);
        pair.a.use(pair.b.server().url(), List.of("--leader"));
        pair.b.use(pair.a.server().url(), List.of());
        pair.a.useBy(List.of("env", "TWONODE_JAVA_OPTS=-Xms48m -Xmx48m"));
        pair.start();
        AgentProcess agent = pair.a.agent();

        try (Connection client = Nats.connect("nats://127.0.0.1:" + port)) {
            client.publish("$KV.kine.large", new byte[60 << 20]);
            assertThat(agent.awaitExit()).as(agent.log()).isEqualTo(KILLED);
        }

        assertThat(agent.log())
                .contains(
                        "the agent ends at once: its memory is used up",
                        "java.lang.OutOfMemoryError: Java heap space",
                        "TWONODE_JAVA_OPTS=-Xmx");
        pair.awaitLeads(pair.b);
        pair.a.useBy(List.of());
        pair.a.startAgent();
        pair.awaitWhole();
        pair.assertSame();
    }
}
