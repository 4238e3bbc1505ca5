package dev.twonode.simulation;

import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pipeline whose publishes are on their way until somebody asks for their acknowledgements. What
/// is on its way when the pipeline is closed may still arrive later.
final class SimulatedAppender implements Store.Appender {

    private static final int WINDOW = 8;
    private static final byte[] NOTHING = new byte[0];

    private final SimulatedStore store;
    private final String session;
    private final String serverId;
    private final String echo;
    private final ArrayDeque<Step> underWay = new ArrayDeque<>();
    private long sent;
    private long durable;
    private @Nullable StoreException failure;

    SimulatedAppender(SimulatedStore store, String session, long lastSeq, String echo) {
        this.store = store;
        this.echo = echo;
        this.session = session;
        this.serverId = store.server().serverId();
        this.sent = lastSeq;
        this.durable = lastSeq;
    }

    /// One request: a publish, or the purge of placeholders when there is no message.
    private record Step(long upTo, Optional<StoredMessage> message, boolean echoed) {}

    @Override
    public void append(StoredMessage message, boolean last) throws StoreException {
        boolean heard =
                last
                        && !echo.isEmpty()
                        && underWay.stream()
                                .allMatch(it ->
                                        it.message().filter(m -> !isPlaceholder(m)).isPresent());
        store.call("append", () -> send(new Step(message.sequence(), Optional.of(message), heard)));
        if (underWay.size() > WINDOW) {
            acknowledge(underWay.size() - WINDOW);
        }
    }

    @Override
    public void skip(long from, long to) throws StoreException {
        for (long sequence = from; sequence <= to; sequence++) {
            append(
                    new StoredMessage(
                            sequence,
                            SimulatedStream.GAP + sequence,
                            Map.of(),
                            NOTHING,
                            store.server().now()),
                    false);
        }
        store.call("unskip", () -> send(new Step(to, Optional.empty(), false)));
        acknowledge(underWay.size());
    }

    @Override
    public long durable() throws StoreException {
        acknowledge((underWay.size() + 1) / 2);
        return durable;
    }

    @Override
    public long awaitDurable(long above, Duration patience) throws StoreException {
        acknowledge(underWay.size());
        return durable;
    }

    @Override
    public long flush() throws StoreException {
        acknowledge(underWay.size());
        return durable;
    }

    @Override
    public void close() {
        while (!underWay.isEmpty()) {
            Step step = underWay.removeFirst();
            if (step.message().isPresent()) {
                store.server().sendLate(() -> carryOut(step));
            }
        }
    }

    private long send(Step step) throws StoreException {
        check();
        if (step.upTo() != sent + 1 && step.message().isPresent()) {
            throw new IllegalArgumentException(step.upTo() + " sent after " + sent);
        }
        sent = step.upTo();
        underWay.addLast(step);
        return sent;
    }

    private void acknowledge(int steps) throws StoreException {
        check();
        try {
            for (int i = 0; i < steps && !underWay.isEmpty(); i++) {
                Step step = underWay.getFirst();
                store.call("store", () -> carryOut(step));
                underWay.removeFirst();
                if (step.message().map(m -> !isPlaceholder(m)).orElse(true)) {
                    durable = step.upTo();
                }
            }
        } catch (StoreException first) {
            failure = first;
            throw first;
        }
    }

    private long carryOut(Step step) throws StoreException {
        SimulatedServer server = store.server();
        if (!(server.stream().face() instanceof Face.Fenced(_, String current))
                || !current.equals(session)) {
            throw new StoreException(Kind.REFUSED, "no responders for session " + session);
        }
        if (step.message().isEmpty()) {
            server.change(SimulatedStream::removePlaceholders);
            return step.upTo();
        }
        server.stream().expectLast(step.upTo() - 1);
        long stored = server.store(step.message().get());
        if (step.echoed()) {
            server.echo(echo, stored);
        }
        return stored;
    }

    private static boolean isPlaceholder(StoredMessage message) {
        return message.subject().startsWith(SimulatedStream.GAP);
    }

    private void check() throws StoreException {
        if (failure != null) {
            throw failure;
        }
        if (!serverId.equals(store.server().serverId())) {
            failure = new StoreException(Kind.UNKNOWN, "the pipeline's connection was lost");
            throw failure;
        }
    }
}
