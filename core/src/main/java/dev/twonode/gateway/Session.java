package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameException;
import dev.twonode.gateway.wire.FrameException.Fault;
import dev.twonode.gateway.wire.FrameWriter;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client, from its first byte to its last: reads what it says, and sends it on or lets it
/// wait. What the server says comes by a [Delivery]; a [Move] brings the client to another server.
final class Session implements Runnable {

    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final Surroundings around;
    private final Link client;
    private final Books books;
    private final Traffic traffic;
    private final long since = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean introduced;
    private boolean verbose;
    private volatile boolean closed;

    Session(Surroundings around, Link client) {
        this.around = around;
        this.client = client;
        this.books = new Books(around, client);
        this.traffic = new Traffic(this, books);
    }

    Books books() {
        return books;
    }

    Traffic traffic() {
        return traffic;
    }

    Link client() {
        return client;
    }

    Surroundings around() {
        return around;
    }

    boolean isClosed() {
        return closed;
    }

    /// The way to this server process broke.
    void broke(String serverId) {
        Upstream now = books.upstream;
        if (now != null && now.greeting().serverId().equals(serverId)) {
            now.abort();
        }
    }

    /// What a thread does for a client.
    interface Work {
        /// Does it.
        ///
        /// @throws IOException when the client, or the way to it, is gone
        void run() throws IOException, InterruptedException;
    }

    @Override
    public void run() {
        try {
            guard(this::serve);
        } finally {
            close();
            ended.countDown();
        }
    }

    /// Waits until everything that the client has said was dealt with, and it has left.
    ///
    /// @return whether that is so
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Closes the connection of a client that does not notice its end, once nothing lies there
    /// unread.
    void cutOff() throws InterruptedException {
        long deadline = System.nanoTime() + GatewaySettings.DRAIN.toNanos();
        while (client.hasUnread() && System.nanoTime() < deadline && !awaitEnd(A_MOMENT)) {}
        close();
        awaitEnd(GatewaySettings.DRAIN);
    }

    /// Does something for this client. What fails costs this client its connection, and nobody else
    /// anything.
    void guard(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            around.defect(this, e);
        }
    }

    private void serve() throws IOException, InterruptedException {
        try {
            if (greet()) {
                listen();
            }
        } catch (FrameException e) {
            around.trouble("client " + e.fault(), "a client was cut off: " + e.getMessage());
            tellFault(e.fault());
        }
    }

    private void listen() throws IOException, InterruptedException {
        for (Frame frame = client.next(); frame != null; frame = client.next()) {
            take(frame);
            if (!client.reader().hasBuffered()) {
                traffic.flush();
            }
        }
    }

    private void tellFault(Fault fault) {
        try {
            client.send(Frames.failure(fault.words()));
        } catch (IOException e) {
            // It is being cut off anyway.
        }
    }

    /// Says the first word, as the leader's server would.
    ///
    /// @return false when there is nobody whose word it could say
    private boolean greet() throws IOException, InterruptedException {
        Upstream first = connectAtOnce();
        Greeting greeting = first == null ? around.lastGreeting() : first.greeting();
        if (greeting == null || (first == null && greeting.hasNonce())) {
            first = connectInTime();
            if (first == null) {
                around.trouble(
                        Surroundings.NO_LEADER,
                        "a client left without a greeting: no leader in time");
                return false;
            }
            greeting = first.greeting();
        }
        Encryption encryption = around.settings().encryption();
        String info = greeting.forClients(Spellings.of(client.localAddress()), encryption != null);
        client.send(Frames.info(info));
        if (encryption != null) {
            encrypt(encryption);
        }
        client.reader().limitPayload(greeting.maxPayload());
        traffic.expect(first, greeting.needsLogin());
        return true;
    }

    private void encrypt(Encryption encryption) throws IOException {
        try {
            client.encrypt(encryption);
        } catch (IOException e) {
            around.trouble("tls", "a client's TLS handshake failed: " + e.getMessage());
            throw e;
        }
    }

    private @Nullable Upstream connectAtOnce() {
        return around.board().now() instanceof Showing.Leader leader && leader.takesRequests()
                ? tryConnect(leader)
                : null;
    }

    private @Nullable Upstream connectInTime() throws InterruptedException {
        Duration patience = around.settings().holdTimeout();
        long deadline = around.now() + patience.toMillis();
        while (around.now() < deadline && !closed) {
            Duration left = Duration.ofMillis(deadline - around.now());
            Showing.Leader leader = around.board().awaitLeader(left);
            if (leader == null) {
                return null;
            }
            Upstream upstream = tryConnect(leader);
            if (upstream != null) {
                return upstream;
            }
            around.board().awaitOtherThan(leader, Duration.ofMillis(100));
        }
        return null;
    }

    private @Nullable Upstream tryConnect(Showing.Leader leader) {
        try {
            return around.connect(leader);
        } catch (IOException e) {
            around.trouble(
                    Surroundings.DIAL, "the leader's server is not reached: " + e.getMessage());
            return null;
        }
    }

    private void take(Frame frame) throws IOException, InterruptedException {
        switch (frame) {
            case Frame.Connect connect -> {
                Greeting.Introduction said = introduction(connect);
                introduced = true;
                verbose = said.verbose();
                traffic.introduce(said);
            }
            case Frame.Ping _ -> traffic.ping();
            case Frame.Pong pong -> traffic.pong(pong);
            case Frame.Subscribe subscribe -> subscribe(subscribe);
            case Frame.Unsubscribe unsubscribe -> traffic.unsubscribe(unsubscribe);
            case Frame.Publish publish -> publish(publish);
            case Frame.Info _, Frame.Message _, Frame.Ok _, Frame.Failure _ ->
                    throw new FrameException(
                            Fault.UNKNOWN_OPERATION, "a client spoke as if it were a server");
        }
        boolean confirms = !(frame instanceof Frame.Ping) && !(frame instanceof Frame.Pong);
        if (confirms && verbose) {
            client.send(Frame.Ok.OK);
        }
    }

    private static Greeting.Introduction introduction(Frame.Connect connect) throws IOException {
        try {
            return Greeting.Introduction.of(connect.json());
        } catch (IOException e) {
            throw new FrameException(Fault.MALFORMED, "CONNECT: " + e.getMessage());
        }
    }

    private void subscribe(Frame.Subscribe subscribe) throws IOException, InterruptedException {
        if (around.bucket().wouldTellEarly(subscribe.subject())) {
            around.trouble(
                    "early", "a plain subscription was refused: '" + subscribe.subject() + "'");
            refuse("Subscription", subscribe.subject());
            return;
        }
        traffic.subscribe(subscribe);
        traffic.adopt(subscribe.subject());
    }

    private void publish(Frame.Publish publish) throws IOException, InterruptedException {
        Purpose purpose = Purpose.of(publish, around.bucket());
        if (purpose != Purpose.FORBIDDEN) {
            if (purpose.isWrite() && publish.reply() != null) {
                awaitRoom();
            }
            traffic.publish(publish, purpose);
            return;
        }
        around.trouble("forbidden", "a request was refused: '" + publish.subject() + "'");
        String reply = publish.reply();
        if (reply == null || around.bucket().isPrivate(publish.subject())) {
            refuse("Publish", publish.subject());
        } else {
            books.answer(
                    reply,
                    new Answers(around.bucket())
                            .refused(
                                    "the twonode gateway does not pass this on: it would not be"
                                            + " copied to the other node"));
        }
    }

    /// What is held is not under way: it is read to its end, so that a client that is sent away
    /// leaves nothing behind that would come after its next connection's first words.
    private void awaitRoom() throws InterruptedException {
        Upstream present = books.way();
        if (present != null) {
            if (present.underWay().isFull()) {
                traffic.flush();
                present.underWay().await();
            }
            present.underWay().sent();
        }
    }

    private void refuse(String what, String subject) throws IOException {
        client.send(
                Frames.failure("Permissions Violation for " + what + " to \"" + subject + "\""));
    }

    /// Whether an answer on that subject reaches this client.
    boolean hears(String subject) {
        return !closed && traffic.hears(subject);
    }

    /// Sends on what this client asked on its last connection.
    void adopt(String reply) {
        try {
            traffic.adopt(reply);
            traffic.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends what is stuck: a client that does not read, does not introduce itself, or a server that
    /// does not read.
    void inspect(long now) {
        if (stuck(client.writingSince(), now)) {
            around.trouble("slow client", "a client was cut off: it does not read");
            close();
        }
        if (!introduced && now - since > GatewaySettings.INTRODUCTION.toNanos()) {
            around.trouble("mute client", "a client was cut off: it never introduced itself");
            close();
        }
        Upstream upstream = books.upstream;
        if (upstream != null && stuck(upstream.link().writingSince(), now)) {
            around.trouble("slow server", "a connection was given up: the server does not read");
            upstream.close();
        }
    }

    private static boolean stuck(long writingSince, long now) {
        return writingSince != FrameWriter.IDLE
                && now - writingSince > GatewaySettings.STUCK.toNanos();
    }

    void close() {
        closed = true;
        around.sessions().remove(this);
        client.close();
        Upstream last = books.upstream;
        if (last != null) {
            last.close();
        }
        traffic.end();
        around.board().nudge();
    }
}
