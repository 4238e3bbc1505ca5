package dev.twonode.replication;

import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// The bucket's stream on one server, one's own or the peer's: its face, its content, and the few
/// ways to change them. The NATS adapter and the simulated store implement it and pass the same
/// contract suite.
///
/// Every call blocks its (virtual) thread for at most a few times the call time-out given to the
/// adapter; an interrupt ends it with `UNKNOWN` and stays set. One store may be used by several
/// threads.
public interface Store {

    /// Reads the stream. Empty when it does not exist.
    Optional<StreamFacts> inspect() throws StoreException;

    /// How many messages of one subject kine's own create call keeps, unless told otherwise.
    int KINE_HISTORY = 10;

    /// Creates the stream fenced. Refused when it exists.
    ///
    /// @param perSubject how many messages of one subject it keeps
    StreamFacts createFenced(Mark mark, String session, int perSubject) throws StoreException;

    /// Fences the stream, or moves the fence to another mark or session, then passes a barrier:
    /// `lastSeq` of the answer is final, every write acknowledged before is at or below it, and
    /// late publishes of another session fall away. Placeholders that a broken [Appender#skip] left
    /// behind are removed. The returned configuration has been verified.
    ///
    /// @param care what must not be swept away: with care the answer may show another node's fence
    StreamFacts fence(Mark mark, String session, Care care) throws StoreException;

    /// The same, whatever is there.
    default StreamFacts fence(Mark mark, String session) throws StoreException {
        return fence(mark, session, Care.NONE);
    }

    /// Opens the stream for clients and verifies the returned configuration. Refused unless it is
    /// fenced with exactly this mark, so that nobody opens a fence set by another (rule G4).
    StreamFacts open(Mark expected) throws StoreException;

    /// Reads one message. Empty when that sequence is absent.
    Optional<StoredMessage> read(long sequence) throws StoreException;

    /// Reads what there is of a few sequences, in their order.
    ///
    /// @param from the first of them
    /// @param to the last of them
    default List<StoredMessage> read(long from, long to) throws StoreException {
        List<StoredMessage> found = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            read(sequence).ifPresent(found::add);
        }
        return found;
    }

    /// Reads the first message at or above a sequence. Empty when there is none.
    Optional<StoredMessage> next(long fromSequence) throws StoreException;

    /// Reads the newest message of one subject. Empty when there is none.
    Optional<StoredMessage> newest(String subject) throws StoreException;

    /// All absent sequences between first and last. Costs memory in proportion: ask for the count
    /// first (`StreamFacts.deleted`).
    SortedSet<Long> deleted() throws StoreException;

    /// Says that a copy will be opened soon, by [#feed] or [#appender]: what takes its time can
    /// begin now. Waits for nothing, and changes nothing.
    default void expectCopy() {}

    /// Reads on from a sequence in order. The feed says by exception when it cannot go on; it never
    /// skips a message that the stream has.
    Feed feed(long fromSequence) throws StoreException;

    /// Writes through the replica subject of a session into a fenced stream.
    ///
    /// @param lastSeq the stream's last sequence; the first append must be the next one
    /// @param echo beginning of the subjects on which others hear acknowledgements too, see
    ///   [Appender#append(StoredMessage, boolean)]; empty when nobody shall
    Appender appender(String session, long lastSeq, String echo) throws StoreException;

    /// The same, for nobody else to hear.
    default Appender appender(String session, long lastSeq) throws StoreException {
        return appender(session, lastSeq, "");
    }

    /// Fills sequences of a fenced stream with placeholders and removes them again, as
    /// [Appender#skip] does, for a way that may be long and on which nothing else is written. It
    /// may break anywhere: what is there then, the stream's last sequence says.
    ///
    /// @param from the first sequence behind the stream's end
    /// @param to last sequence that is left out, inclusive
    default void leap(String session, long from, long to) throws StoreException {
        try (Appender appender = appender(session, from - 1)) {
            appender.skip(from, to);
            appender.flush();
        }
    }

    /// Empties the stream so that its next sequence is `firstSeq`. Refused unless `firstSeq` is
    /// beyond the last sequence. The stream has to be fenced.
    void startAt(long firstSeq) throws StoreException;

    /// Opens a snapshot of the stream as it is now.
    Snapshot snapshot() throws StoreException;

    /// Restores a snapshot as a fenced stream with the settings that the snapshot names. Refused
    /// when the stream exists. A failed restore may leave a partial stream behind: compare the
    /// answer with `source.facts()` before use. What `source` throws is thrown on as it is.
    StreamFacts restore(Snapshot source, Mark mark, String session) throws StoreException;

    /// Deletes the stream. Only after its content was exported or shown to be elsewhere.
    void delete() throws StoreException;

    /// Version of the connected server, such as `2.15.2`.
    String serverVersion() throws StoreException;

    /// Messages in order, from one ordered consumer.
    interface Feed extends AutoCloseable {

        /// The messages that have arrived, waiting up to `patience` for the first one.
        ///
        /// @return in sequence order, empty when none came in time
        List<StoredMessage> poll(Duration patience) throws StoreException;

        @Override
        void close();
    }

    /// A pipelined, sequence-checked writer. After the first exception it is of no further use:
    /// read the stream's last sequence again and start anew. One thread appends; any thread may ask
    /// what is durable.
    interface Appender extends AutoCloseable {

        /// Sends one message for its own sequence; waits only while the pipeline is full. Headers
        /// that must not be copied have been removed by the caller.
        ///
        /// @param echoed whether others shall hear its acknowledgement, which speaks for all before
        ///   it: the server publishes it on the echo's beginning followed by the sequence; this is
        ///   left out while placeholders are stored. For the appender itself every few messages are
        ///   acknowledged anyway
        void append(StoredMessage message, boolean echoed) throws StoreException;

        /// The same, with an echo.
        default void append(StoredMessage message) throws StoreException {
            append(message, true);
        }

        /// Fills sequences with placeholders which are removed again before the next message counts
        /// as durable.
        ///
        /// @param from first missing sequence
        /// @param to last missing sequence, inclusive
        void skip(long from, long to) throws StoreException;

        /// The highest sequence up to which everything is acknowledged. Throws what made the
        /// pipeline fail.
        long durable() throws StoreException;

        /// Waits until everything up to a sequence above `above` is acknowledged, or `patience` has
        /// passed.
        ///
        /// @return what is durable then
        long awaitDurable(long above, Duration patience) throws StoreException;

        /// Waits until everything sent is acknowledged.
        long flush() throws StoreException;

        @Override
        void close();
    }

    /// A stream's content on its way, in chunks as the server cut them. Read by one thread; whoever
    /// reads slowly slows the server down, so no more than a window of it is ever in memory.
    interface Snapshot extends AutoCloseable {

        /// What the complete snapshot holds.
        StreamFacts facts();

        /// The stream's configuration and state as one JSON object `{"config":…,"state":…}`, which
        /// the `nats` command line calls `backup.json`.
        String manifest();

        /// The next chunk; empty at the proven end. A snapshot that broke off throws instead.
        Optional<byte[]> next() throws StoreException;

        @Override
        void close();
    }
}
