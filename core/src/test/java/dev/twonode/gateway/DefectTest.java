package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.Term;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with the gateway itself ends the connection that meets it, and nothing more.
class DefectTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final int port = NatsServerProcess.freePort();

    @TempDir private Path folder;

    private Thread.@Nullable UncaughtExceptionHandler before;

    @BeforeEach
    void watch() {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, defect) -> uncaught.add(defect));
    }

    @AfterEach
    void unwatch() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private Gateway open(ServerDial dial) throws IOException {
        GatewaySettings settings =
                new GatewaySettings(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", port)),
                        "kine",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        folder.resolve("leftovers"),
                        null);
        Gateway gateway =
                Gateway.open(
                        Entrance.at(settings),
                        dial,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        () -> true,
                        (_, _) -> {});
        gateway.show(
                new Showing.Leader(
                        new Term(1, new NodeName("a"), 1),
                        Showing.Place.OWN,
                        "server",
                        0,
                        true,
                        Long.MAX_VALUE));
        return gateway;
    }

    @Test
    void clientThatMeetsADefectIsCutOffAndTheNextIsServed() throws IOException {
        ServerDial broken =
                (_, _) -> {
                    throw new IllegalStateException("a defect");
                };
        try (Gateway gateway = open(broken)) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = new RawClient(port)) {
                    assertThat(client.rest()).isEmpty();
                }
            }
            Await.await("all clients are gone", BOUND, () -> gateway.clients() == 0);
        }
        assertThat(uncaught).isEmpty();
    }
}
