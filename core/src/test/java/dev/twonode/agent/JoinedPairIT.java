package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers that are one: no agent goes on with such a pair.
class JoinedPairIT {

    @TempDir private Path folder;

    private static String misconfigured(TestPair.Node node) {
        return ((Agent.End.Misconfigured) node.awaitEnd()).why();
    }

    @Test
    void serversThatPassMessagesByALeafnodeAreFoundAtContact() {
        int leaf = NatsServerProcess.freePort();
        NatsServerProcess hub =
                NatsServerProcess.configure()
                        .name("hub")
                        .extra("leafnodes { listen: \"127.0.0.1:" + leaf + "\" }")
                        .start();
        NatsServerProcess joined =
                NatsServerProcess.configure()
                        .name("leaf")
                        .extra(
                                "leafnodes { remotes: [{ url: \"nats://127.0.0.1:"
                                        + leaf
                                        + "\" }] }")
                        .start();
        try (TestPair pair = new TestPair(folder, hub, joined)) {
            pair.a.start();

            // Either sign may come first: the question at contact, or the own heartbeat's echo.
            assertThat(misconfigured(pair.a))
                    .contains("pass messages to each other", "leafnode", "remove");
        }
    }

    @Test
    void aServerInAClusterIsRefusedBeforeItsStreamsAreTouched() throws Exception {
        int first = NatsServerProcess.freePort();
        int second = NatsServerProcess.freePort();
        try (TestPair pair =
                new TestPair(
                        folder, clustered("a", first, second), clustered("b", second, first))) {
            pair.a.start();
            pair.b.start();

            assertThat(misconfigured(pair.a)).contains("cluster 'joined'", "remove");
            assertThat(misconfigured(pair.b)).contains("cluster 'joined'", "remove");
            assertThat(pair.a.server.log()).doesNotContain("KV_kine");
        }
    }

    private static NatsServerProcess clustered(String name, int port, int other) {
        return NatsServerProcess.configure()
                .name(name)
                .extra(
                        ("cluster { name: joined, listen: \"127.0.0.1:%d\","
                                        + " routes: [\"nats://127.0.0.1:%d\"] }")
                                .formatted(port, other))
                .start();
    }

    @Test
    void thePeersAddressIsNotTheOwnOne() {
        try (NatsServerProcess only = NatsServerProcess.start();
                TestPair pair = new TestPair(folder, only, only)) {
            pair.a.start();

            assertThat(misconfigured(pair.a)).contains("one and the same server", "--peer-url");
        }
    }
}
