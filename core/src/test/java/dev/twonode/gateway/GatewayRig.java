package dev.twonode.gateway;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.Showing.Place;
import dev.twonode.protocol.Term;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A gateway without an agent: the test says who leads and what may be shown.
@SuppressWarnings("try") // closing a client is never interrupted here
final class GatewayRig implements AutoCloseable {

    static final NodeName A = new NodeName("a");
    static final NodeName B = new NodeName("b");

    final Gateway gateway;
    final int port;
    private final Path folder;

    /// The highest sequence of the own server that somebody waits to show.
    final AtomicLong wanted = new AtomicLong();

    /// Whether the agent decides anything.
    volatile boolean decides = true;

    private final AtomicLong ahead = new AtomicLong();
    private volatile int ownPort;
    private volatile int peerPort;

    /// Which servers were dialled, in order.
    final List<Place> dialled = new CopyOnWriteArrayList<>();

    GatewayRig(Duration holdTimeout) throws IOException {
        this(holdTimeout, NatsServerProcess.freePort(), Files.createTempDirectory("gateway"));
    }

    /// The gateway of an agent that was started again behind another one's end.
    GatewayRig successor(Duration holdTimeout) throws IOException {
        return new GatewayRig(holdTimeout, port, folder);
    }

    private GatewayRig(Duration holdTimeout, int port, Path folder) throws IOException {
        this.port = port;
        this.folder = folder;
        folder.toFile().deleteOnExit();
        GatewaySettings settings =
                new GatewaySettings(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", port)),
                        "kine",
                        holdTimeout,
                        Duration.ofMillis(300),
                        folder.resolve("leftovers"),
                        null);
        gateway =
                Gateway.open(
                        Entrance.at(settings),
                        this::dial,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + ahead.get(),
                        () -> decides,
                        (_, sequence) -> wanted.accumulateAndGet(sequence, Math::max));
    }

    /// Where the two servers are.
    void servers(int own, int peer) {
        ownPort = own;
        peerPort = peer;
    }

    private ServerDial.Greeted dial(Place place, Duration patience) throws IOException {
        dialled.add(place);
        Socket socket = new Socket();
        try {
            int port = place == Place.OWN ? ownPort : peerPort;
            int millis = (int) patience.toMillis();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = socket.getInputStream().read(); b != '\n'; ) {
                if (b < 0) {
                    throw new IOException("closed");
                }
                line.write(b);
                b = socket.getInputStream().read();
            }
            socket.setSoTimeout(0);
            String text = line.toString(StandardCharsets.UTF_8).strip();
            return new ServerDial.Greeted(socket, text.substring("INFO ".length()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Time passes, for the gateway only.
    void pass(Duration time) {
        ahead.addAndGet(time.toMillis());
    }

    /// The own server leads, and everything up to a sequence may be shown.
    void ownLeads(String serverId, long commit) {
        show(leader(1, Place.OWN, serverId, commit, true));
    }

    /// The peer's server leads.
    void peerLeads(String serverId, long commit) {
        show(leader(2, Place.PEER, serverId, commit, true));
    }

    /// The own server is about to be fenced.
    void ownHandsOver(String serverId, long commit) {
        show(leader(1, Place.OWN, serverId, commit, false));
    }

    void nobodyLeads() {
        show(new Showing.Nobody());
    }

    /// Returns once no client's request goes the old way any more.
    private void show(Showing showing) {
        CountDownLatch held = new CountDownLatch(1);
        gateway.show(showing);
        gateway.whenHeld(held::countDown);
        Await.await("the gateway holds", Duration.ofSeconds(5), () -> held.getCount() == 0);
    }

    private static Showing.Leader leader(
            long term, Place place, String serverId, long commit, boolean takes) {
        NodeName who = place == Place.OWN ? A : B;
        return new Showing.Leader(
                new Term(term, who, 1), place, serverId, commit, takes, Long.MAX_VALUE);
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    /// A client of the gateway.
    Connection client() throws IOException, InterruptedException {
        return Nats.connect(
                Options.builder()
                        .server(url())
                        .maxReconnects(-1)
                        .reconnectWait(Duration.ofMillis(20))
                        .connectionTimeout(Duration.ofSeconds(5))
                        .build());
    }

    /// Makes the bucket straight at a server, and says which process that is.
    static String bucketAt(NatsServerProcess server) throws Exception {
        try (Connection nats = Nats.connect(server.url())) {
            nats.keyValueManagement()
                    .create(
                            KeyValueConfiguration.builder()
                                    .name("kine")
                                    .maxHistoryPerKey(10)
                                    .build());
            return nats.getServerInfo().getServerId();
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
