package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.node.NodeDriver;
import dev.twonode.protocol.Event;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StreamFacts;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// How far the other node's gateway saw this node's stream go, which comes with a question for the
/// state. A leader alone commits what it knows of, and whoever may ask can say anything: the own
/// server says what there is.
final class Sightings {

    private static final Log LOG = Log.of(Sightings.class);

    private final Store own;
    private final LongSupplier known;
    private final Consumer<Event> inbox;
    private final Clock clock;

    /// @param own the own stream
    /// @param known how far this node knows it to go
    Sightings(Store own, LongSupplier known, Consumer<Event> inbox, Clock clock) {
        this.own = own;
        this.known = known;
        this.inbox = inbox;
        this.clock = clock;
    }

    static Sightings of(Store own, NodeDriver driver, Inbox inbox, Clock clock) {
        return new Sightings(own, () -> driver.report().store().lastSeq(), inbox::post, clock);
    }

    /// Answers with the state, once what comes with the question was dealt with.
    UnaryOperator<byte[]> before(Supplier<byte[]> state) {
        return question -> {
            Wire.read(question, Wire.Sight.class)
                    .filter(it -> it.term() > 0 && it.seen() > known.getAsLong())
                    .ifPresent(this::confirm);
            return state.get();
        };
    }

    private void confirm(Wire.Sight sight) {
        try {
            long last = own.inspect().map(StreamFacts::lastSeq).orElse(0L);
            long seen = Math.min(sight.seen(), last);
            inbox.accept(new Event.SequenceSeen(clock.millis(), sight.term(), seen));
        } catch (StoreException e) {
            LOG.debug("what was seen is not confirmed: " + e.getMessage());
        }
    }
}
