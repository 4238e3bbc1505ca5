package dev.twonode.simulation;

import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.util.Optional;
import java.util.SortedSet;

/// One client's view of a simulated server. Never waits: what has not come, does not come in time.
/// Each call asks the fault plan first.
public final class SimulatedStore implements Store {

    private final SimulatedServer server;
    private final Way way;
    private FaultPlan plan;
    private boolean connected = true;

    /// @param plan says which calls fail
    public SimulatedStore(SimulatedServer server, FaultPlan plan) {
        this(server, plan, Way.DIRECT);
    }

    /// @param way how calls reach the server
    SimulatedStore(SimulatedServer server, FaultPlan plan, Way way) {
        this.server = server;
        this.plan = plan;
        this.way = way;
    }

    /// What a call does when nothing goes wrong.
    @FunctionalInterface
    interface Work<T> {
        T run() throws StoreException;
    }

    /// How a call reaches the server and its answer the caller.
    interface Way {

        /// At once.
        Way DIRECT =
                new Way() {
                    @Override
                    public <T> T carry(String call, Work<T> work) throws StoreException {
                        return work.run();
                    }
                };

        <T> T carry(String call, Work<T> work) throws StoreException;
    }

    /// From now on another plan holds.
    public void setPlan(FaultPlan value) {
        plan = value;
    }

    /// Cuts or mends the link to the server.
    public void setConnected(boolean value) {
        connected = value;
    }

    SimulatedServer server() {
        return server;
    }

    <T> T call(String name, Work<T> work) throws StoreException {
        String call = server.name() + "." + name;
        Fault fault = plan.at(call);
        switch (fault) {
            case NONE, ANSWER_LOST, SERVER_RESTARTS_AFTER, AGENT_DIES_AFTER -> {}
            case UNREACHABLE -> throw new StoreException(Kind.UNREACHABLE, call + ": cut off");
            case LOST -> throw new StoreException(Kind.UNKNOWN, call + ": no answer");
            case DISK_FULL -> throw new StoreException(Kind.UNUSABLE, call + ": no space left");
            case SERVER_RESTARTS_BEFORE -> throw restarted(call);
            case AGENT_DIES_BEFORE -> throw new AgentDeath(call);
        }
        if (!connected) {
            throw new StoreException(Kind.UNREACHABLE, call + ": cut off");
        }
        T answer =
                way.carry(
                        name,
                        () -> {
                            server.requireRunning();
                            return work.run();
                        });
        return switch (fault) {
            case ANSWER_LOST -> throw new StoreException(Kind.UNKNOWN, call + ": no answer");
            case SERVER_RESTARTS_AFTER -> throw restarted(call);
            case AGENT_DIES_AFTER -> throw new AgentDeath(call);
            case NONE, UNREACHABLE, LOST, DISK_FULL, SERVER_RESTARTS_BEFORE, AGENT_DIES_BEFORE ->
                    answer;
        };
    }

    private StoreException restarted(String call) {
        server.kill();
        server.start();
        return new StoreException(Kind.UNKNOWN, call + ": connection lost");
    }

    @Override
    public Optional<StreamFacts> inspect() throws StoreException {
        return call("inspect", server::facts);
    }

    @Override
    public StreamFacts createFenced(Mark mark, String session, int perSubject)
            throws StoreException {
        return call(
                "create",
                () -> server.factsOf(server.make(perSubject, new Face.Fenced(mark, session))));
    }

    @Override
    public StreamFacts fence(Mark mark, String session, Care care) throws StoreException {
        return call(
                "fence",
                () -> {
                    boolean foreign =
                            server.stream().face() instanceof Face.Fenced(Mark present, _)
                                    && !present.by().equals(mark.by());
                    if (foreign && care != Care.NONE) {
                        return server.factsOf(server.stream());
                    }
                    server.change(stream -> {
                        stream.show(new Face.Fenced(mark, session));
                        stream.removePlaceholders();
                    });
                    if (server.isStuck()) {
                        throw new StoreException(Kind.UNKNOWN, "no answer to the barrier");
                    }
                    return server.factsOf(server.stream());
                });
    }

    @Override
    public StreamFacts open(Mark expected) throws StoreException {
        return call(
                "open",
                () -> {
                    SimulatedStream stream = server.stream();
                    if (!server.opens()) {
                        throw new StoreException(Kind.UNUSABLE, "open: no space left");
                    }
                    if (!(stream.face() instanceof Face.Fenced(Mark mark, _))
                            || !mark.equals(expected)) {
                        throw new StoreException(
                                Kind.REFUSED, "fenced by another: " + stream.face());
                    }
                    server.change(target -> target.show(new Face.Open()));
                    return server.factsOf(server.stream());
                });
    }

    @Override
    public Optional<StoredMessage> read(long sequence) throws StoreException {
        return call("read", () -> Optional.ofNullable(server.stream().messages().get(sequence)));
    }

    @Override
    public Optional<StoredMessage> next(long fromSequence) throws StoreException {
        return call(
                "next",
                () ->
                        Optional.ofNullable(server.stream().messages().ceilingEntry(fromSequence))
                                .map(java.util.Map.Entry::getValue));
    }

    @Override
    public Optional<StoredMessage> newest(String subject) throws StoreException {
        return call(
                "newest",
                () ->
                        server.stream().messages().descendingMap().values().stream()
                                .filter(message -> message.subject().equals(subject))
                                .findFirst());
    }

    @Override
    public SortedSet<Long> deleted() throws StoreException {
        return call("deleted", () -> server.stream().deletedSequences());
    }

    @Override
    public Feed feed(long fromSequence) throws StoreException {
        return call("feed", () -> new SimulatedFeed(this, server.stream(), fromSequence));
    }

    @Override
    public Appender appender(String session, long lastSeq, String echo) throws StoreException {
        return call("appender", () -> new SimulatedAppender(this, session, lastSeq, echo));
    }

    @Override
    public void startAt(long firstSeq) throws StoreException {
        call(
                "startAt",
                () -> {
                    if (!(server.stream().face() instanceof Face.Fenced)) {
                        throw new StoreException(Kind.REFUSED, "not fenced");
                    }
                    server.change(stream -> stream.startAt(firstSeq));
                    return firstSeq;
                });
    }

    @Override
    public Snapshot snapshot() throws StoreException {
        return call("snapshot", () -> SimulatedSnapshot.of(this));
    }

    @Override
    public StreamFacts restore(Snapshot source, Mark mark, String session) throws StoreException {
        return call("restore", () -> SimulatedRestore.run(this, source, mark, session));
    }

    @Override
    public void delete() throws StoreException {
        call(
                "delete",
                () -> {
                    server.delete();
                    return server;
                });
    }

    @Override
    public String serverVersion() throws StoreException {
        return call("version", server::version);
    }
}
