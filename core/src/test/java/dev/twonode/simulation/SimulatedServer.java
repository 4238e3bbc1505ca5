package dev.twonode.simulation;

import dev.twonode.replication.Face;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One NATS server with at most one stream. Its tests kill it, cut its power, fill its disk and
/// write to it as kine would.
public final class SimulatedServer {

    private final String name;
    private final InstantSource clock;
    private final List<Write> unsynced = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private String version = "2.15.2";
    private BiConsumer<String, Long> listener = (_, _) -> {};
    private @Nullable SimulatedStream stream;
    private @Nullable SimulatedStream synced;
    private int process = 1;
    private int streamsMade;
    private boolean running = true;
    private boolean diskFull;
    private boolean stuck;
    private boolean opens = true;
    private boolean syncsAlways = true;

    /// @param name tells servers apart in fault plans and messages
    /// @param clock gives the times of messages and streams
    public SimulatedServer(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    /// A change that is lost with the power, unless it was synced.
    @FunctionalInterface
    interface Write {
        void apply(SimulatedStream target) throws StoreException;
    }

    /// A publish that is still on its way when its sender has gone.
    @FunctionalInterface
    interface Late {
        void arrive() throws StoreException;
    }

    public String name() {
        return name;
    }

    /// Id of the server process.
    public String serverId() {
        return name + "-" + process;
    }

    public String version() {
        return version;
    }

    /// Tells the one who hears acknowledgements beside whoever published.
    public void setListener(BiConsumer<String, Long> value) {
        listener = value;
    }

    void echo(String echo, long sequence) {
        listener.accept(echo, sequence);
    }

    public void setVersion(String value) {
        version = value;
    }

    /// With `false` a power cut loses what was written since the last [#sync].
    public void setSyncsAlways(boolean value) {
        syncsAlways = value;
        sync();
    }

    /// With `false` the stream is not opened, though everything else works.
    public void setOpens(boolean value) {
        opens = value;
    }

    boolean opens() {
        return opens;
    }

    public void setDiskFull(boolean value) {
        diskFull = value;
    }

    /// With `true` the disk has failed: what changes the stream gets no answer.
    public void setStuck(boolean value) {
        stuck = value;
    }

    boolean isStuck() {
        return stuck;
    }

    public boolean isRunning() {
        return running;
    }

    /// The process ends at once; everything it acknowledged is in the operating system.
    public void kill() {
        running = false;
    }

    /// The power fails: of what was not synced only the first `kept` changes survive.
    public void cutPower(int kept) {
        running = false;
        SimulatedStream survivor = synced == null ? null : synced.copy();
        for (Write write : unsynced.subList(0, Math.min(kept, unsynced.size()))) {
            try {
                if (survivor != null) {
                    write.apply(survivor);
                }
            } catch (StoreException impossible) {
                throw new IllegalStateException("a change cannot be repeated", impossible);
            }
        }
        if (!syncsAlways) {
            stream = survivor;
        }
        sync();
    }

    /// How many changes a power cut could lose now.
    public int unsynced() {
        return unsynced.size();
    }

    /// A new process on the same files.
    public void start() {
        process++;
        running = true;
        stuck = false;
    }

    /// Forces everything to the disk.
    public void sync() {
        unsynced.clear();
        synced = syncsAlways || stream == null ? null : stream.copy();
    }

    /// Publishes as kine does.
    ///
    /// @return the sequence of the acknowledgement
    public long publish(String subject, Map<String, List<String>> headers, byte[] data)
            throws StoreException {
        SimulatedStream target = stream();
        if (!(target.face() instanceof Face.Open)) {
            throw new StoreException(Kind.REFUSED, "no responders for " + subject);
        }
        return store(new StoredMessage(1, subject, headers, data, clock.instant()));
    }

    /// Deletes one message, as a client with the right to do so.
    public void deleteMessage(long sequence) throws StoreException {
        change(target -> target.remove(sequence));
    }

    /// Somebody edits the stream by hand.
    public void tamper(String why) throws StoreException {
        change(target -> target.show(new Face.Foreign(why)));
    }

    /// Publishes of dead senders arrive now.
    ///
    /// @return how many of them were stored
    public int deliverLate() {
        int stored = 0;
        for (Late publish : List.copyOf(late)) {
            stored += arrives(publish) ? 1 : 0;
        }
        late.clear();
        return stored;
    }

    private static boolean arrives(Late publish) {
        try {
            publish.arrive();
            return true;
        } catch (StoreException nobodyHears) {
            return false;
        }
    }

    /// What the stream holds, for assertions.
    public List<StoredMessage> content() {
        return stream == null ? List.of() : List.copyOf(stream.messages().values());
    }

    /// Part of what the stream holds, both ends included.
    List<StoredMessage> content(long from, long to) {
        return stream == null || from > to
                ? List.of()
                : List.copyOf(stream.messages().subMap(from, true, to, true).values());
    }

    /// The stream's facts, for assertions. Empty when there is no stream.
    public Optional<StreamFacts> facts() {
        return stream == null ? Optional.empty() : Optional.of(factsOf(stream));
    }

    void sendLate(Late publish) {
        late.add(publish);
    }

    void requireRunning() throws StoreException {
        if (!running) {
            throw new StoreException(Kind.UNREACHABLE, name + " does not run");
        }
    }

    void requireRoom() throws StoreException {
        if (stuck) {
            throw new StoreException(Kind.UNKNOWN, "no answer from " + name);
        }
        if (diskFull) {
            throw new StoreException(Kind.UNUSABLE, "no space left on " + name);
        }
    }

    boolean hasStream() {
        return stream != null;
    }

    SimulatedStream stream() throws StoreException {
        requireRunning();
        if (stream == null) {
            throw new StoreException(Kind.NO_STREAM, "no stream on " + name);
        }
        return stream;
    }

    SimulatedStream make(int perSubject, Face face) throws StoreException {
        requireRunning();
        requireRoom();
        if (stream != null) {
            throw new StoreException(Kind.REFUSED, "the stream exists on " + name);
        }
        Instant created = clock.instant().plusNanos(++streamsMade);
        SimulatedStream made = new SimulatedStream(created, perSubject, face);
        stream = made;
        sync();
        return made;
    }

    void delete() throws StoreException {
        stream();
        stream = null;
        sync();
    }

    long store(StoredMessage message) throws StoreException {
        requireRoom();
        change(target -> target.store(message));
        return stream().lastSeq();
    }

    void change(Write write) throws StoreException {
        write.apply(stream());
        if (!syncsAlways) {
            unsynced.add(write);
        }
    }

    Instant now() {
        return clock.instant();
    }

    StreamFacts factsOf(SimulatedStream target) {
        return new StreamFacts(
                serverId(),
                target.created(),
                target.face(),
                target.firstSeq(),
                target.lastSeq(),
                target.messages().size(),
                target.deleted(),
                target.bytes(),
                target.perSubject());
    }
}
