package dev.twonode.gateway;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The addresses of one node that lead to the leader.
public final class Gateway implements AutoCloseable {

    private static final Log LOG = Log.of(Gateway.class);

    /// What is stuck sends nothing that could say so: it is looked for, this often.
    private static final Duration INSPECTED_EVERY = Duration.ofSeconds(1);

    private static final Duration LOOKED_WITHIN = Duration.ofMillis(50);
    private static final Duration DISMISSED_WITHIN = GatewaySettings.FAREWELL.multipliedBy(3);

    private final List<Listener> listeners;
    private final Surroundings around;
    private final Thread inspector;

    /// Whether clients' requests go to the agent that is started next.
    private volatile boolean dismissed;

    /// Told that a message of a leader's server waits that names a sequence.
    @FunctionalInterface
    public interface Sights {
        void seen(Showing.Leader leader, long sequence);
    }

    private Gateway(
            Entrance entrance,
            ServerDial dial,
            LongSupplier millis,
            BooleanSupplier decides,
            Sights sights) {
        this.listeners = entrance.listeners();
        GatewaySettings settings = entrance.settings();
        Set<Session> sessions = ConcurrentHashMap.newKeySet();
        Board board = new Board(millis, decides, sights);
        this.around =
                new Surroundings(
                        settings,
                        new Bucket(settings.bucket()),
                        board,
                        dial,
                        new Strays(settings.holdTimeout().toMillis()),
                        millis,
                        new AtomicReference<>(),
                        sessions,
                        new Refusals(board, millis),
                        RateLimit.untilCleared());
        this.inspector = Thread.ofVirtual().name("gateway-inspector").unstarted(this::inspect);
    }

    /// Lets in whoever comes to these addresses.
    ///
    /// @param millis the clock of the protocol
    /// @param decides whether the thread that decides runs: nothing is shown while it does not
    public static Gateway open(
            Entrance entrance,
            ServerDial dial,
            LongSupplier millis,
            BooleanSupplier decides,
            Sights sights) {
        Gateway gateway = new Gateway(entrance, dial, millis, decides, sights);
        gateway.takeLeftovers();
        gateway.inspector.start();
        gateway.listeners.forEach(listener -> listener.start(gateway.around));
        LOG.info("gateway listens at " + String.join(", ", gateway.names()));
        return gateway;
    }

    private void takeLeftovers() {
        try {
            Leftovers.take(around.settings().leftovers(), around.settings().holdTimeout())
                    .forEach(around::leave);
        } catch (IOException e) {
            LOG.warn("gateway: requests of before are lost: " + e.getMessage());
        }
    }

    /// Where it really listens, in the order of its settings.
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /// The same as text.
    public List<String> names() {
        return addresses().stream().map(it -> it.getHostString() + ":" + it.getPort()).toList();
    }

    /// Clients at this moment.
    public int clients() {
        return around.sessions().size();
    }

    /// The refusal of the newest write, empty when that was stored or none is known.
    public Optional<Refusal> refusal() {
        return around.refusals().newest();
    }

    /// This agent did not run for a while: what its clients waited for meanwhile says nothing of
    /// the server.
    public void slept() {
        around.refusals().slept();
    }

    /// Hangs up what holds from now on. Waits for nobody.
    public void show(Showing showing) {
        if (around.board().show(showing)) {
            whenHeld(() -> {});
        }
    }

    /// The way to this server process broke, which its clients' connections find out late: what was
    /// lost on them is sent again less and less often, also long after the way is whole again. They
    /// end, and clients go on as soon as the server is reached. What they had no answer to says
    /// nothing of the server's store. Waits for nobody.
    public void broke(String serverId) {
        around.refusals().endSilence();
        Thread.ofVirtual()
                .name("gateway-broke")
                .start(() -> around.sessions().forEach(session -> session.broke(serverId)));
    }

    /// Runs `then` once no client's request is on its way to a server that [#show] said takes none.
    public void whenHeld(Runnable then) {
        Thread.ofVirtual()
                .name("gateway-held")
                .start(() -> {
                    lookAll();
                    then.run();
                });
    }

    /// Side by side: a client whose server does not read keeps nobody else waiting, and in the end
    /// nobody at all, since what is sent too late is refused by the fence and sent again.
    private void lookAll() {
        forAll("gateway-look", session -> session.traffic()::look, LOOKED_WITHIN);
    }

    /// Lets all clients go: no new ones are accepted, and those that are there leave without a
    /// request whose answer they would wait for. Requests that no server has seen wait in a file
    /// for their senders, in case the agent is started again at once. A client that does not notice
    /// has until [#close] for it. Without this, [#close] keeps no requests.
    public void dismiss() {
        listeners.forEach(Listener::close);
        dismissed = true;
        forAll("gateway-farewell", Parting::forGood, DISMISSED_WITHIN);
        saveLeftovers();
    }

    private void saveLeftovers() {
        try {
            Leftovers.save(around.settings().leftovers(), around.strays().all());
        } catch (IOException e) {
            LOG.warn("gateway: requests are lost that clients still wait for: " + e.getMessage());
        }
    }

    private void forAll(String name, Function<Session, Runnable> work, Duration patience) {
        List<Thread> threads =
                around.sessions().stream()
                        .map(session -> Thread.ofVirtual().name(name).start(work.apply(session)))
                        .toList();
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Thread thread : threads) {
                long left = Math.max(0, deadline - System.nanoTime());
                thread.join(Duration.ofNanos(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void inspect() {
        try {
            while (true) {
                Thread.sleep(INSPECTED_EVERY);
                long now = System.nanoTime();
                around.sessions().forEach(session -> session.inspect(now));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        inspector.interrupt();
        listeners.forEach(Listener::close);
        if (dismissed && clients() > 0) {
            forAll(
                    "gateway-end",
                    session -> () -> session.guard(session::cutOff),
                    GatewaySettings.DRAIN.multipliedBy(3));
            saveLeftovers();
        }
        around.sessions().forEach(Session::close);
    }
}
