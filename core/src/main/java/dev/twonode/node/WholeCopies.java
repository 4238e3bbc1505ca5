package dev.twonode.node;

import static dev.twonode.logging.Field.field;

import dev.twonode.logging.Field;
import dev.twonode.logging.Log;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Term;
import dev.twonode.replication.Amount;
import dev.twonode.replication.StoreException;
import org.jspecify.annotations.Nullable;

/// Says in the log and in the node's history that all of the leader's stream is copied, why, and
/// what came of it. A follower that lost its store is in sync again within seconds, and only this
/// tells afterwards that it did.
public final class WholeCopies {

    private static final Log LOG = Log.of(WholeCopies.class);

    /// The node's history.
    @FunctionalInterface
    public interface Chronicle {
        void note(long term, String words);
    }

    private final Chronicle chronicle;
    private final Clock clock;
    private @Nullable Report leader;
    private long begun;

    /// @param chronicle told what is logged
    public WholeCopies(Chronicle chronicle, Clock clock) {
        this.chronicle = chronicle;
        this.clock = clock;
    }

    /// A copy of all begins. What is tried again until it succeeds is one copy.
    synchronized void begin(Report from, Compared.Why why) {
        if (leader != null) {
            return;
        }
        leader = from;
        begun = clock.millis();
        String words = "copies everything from " + from.sender().node() + ": " + why.words();
        Field[] fields = {field("event", "whole-copy-begun"), field("term", term(from))};
        if (why.isLoss()) {
            LOG.warn(words, fields);
        } else {
            LOG.info(words, fields);
        }
        chronicle.note(term(from), words);
    }

    /// Reads how much is here.
    @FunctionalInterface
    interface Count {
        long messages() throws StoreException;
    }

    /// It has got to the leader's end; nothing follows where none was begun.
    ///
    /// @param last up to which sequence all is here
    /// @param count not asked by the caller's thread, which has to go on copying
    synchronized void end(long last, Count count) {
        Report from = leader;
        if (from != null) {
            leader = null;
            long took = clock.millis() - begun;
            Thread.ofVirtual().name("whole-copy").start(() -> tell(from, last, took, count));
        }
    }

    private void tell(Report from, long last, long took, Count count) {
        String messages = "unknown";
        String amount = "unknown messages";
        try {
            long counted = count.messages();
            messages = Long.toString(counted);
            amount = Amount.messages(counted);
        } catch (StoreException e) {
            LOG.debug("the messages that were copied cannot be counted: " + e.getMessage());
        }
        String words =
                "has copied everything from %s in %.1f s: %s up to sequence %d"
                        .formatted(from.sender().node(), took / 1000.0, amount, last);
        LOG.info(
                words,
                field("event", "whole-copy-ended"),
                field("term", term(from)),
                field("messages", messages),
                field("last", last),
                field("took_ms", took));
        chronicle.note(term(from), words);
    }

    private static long term(Report of) {
        Term term = of.term();
        return term == null ? 0 : term.number();
    }
}
