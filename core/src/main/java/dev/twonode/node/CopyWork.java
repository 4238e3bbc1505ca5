package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Event.CopyProblem;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.Report;
import dev.twonode.replication.Comparison;
import dev.twonode.replication.CopyException;
import dev.twonode.replication.CopyProgress;
import dev.twonode.replication.Drain;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.Resync;
import dev.twonode.replication.Session;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.Stores;
import dev.twonode.replication.StreamFacts;
import dev.twonode.replication.Tail;
import dev.twonode.replication.TailEnd;
import dev.twonode.replication.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The follower's copy: one piece of work at a time, each on a thread of its own that the next one
/// ends first. It is one of the system's, since it waits for each message with a time-out. What it
/// finds comes back as events that carry the number of its session.
public final class CopyWork implements AutoCloseable {

    private static final Log LOG = Log.of(CopyWork.class);

    private static final Duration AT_DISK = Duration.ofMillis(500);

    private final CopyTroubles troubles = new CopyTroubles();
    private final Stores stores;
    private final Stores quick;
    private final Resync.Folders folders;
    private final Inbox inbox;
    private final Clock clock;
    private final Sessions sessions;
    private final LongFunction<String> echo;
    private final WholeCopies wholes;
    private @Nullable Thread worker;
    private volatile @Nullable Compared compared;
    private volatile @Nullable Session session;
    private volatile long tailed;
    private volatile CopyProgress progress = CopyProgress.NONE;

    /// @param stores with the patience that copying needs
    /// @param quick the same with the patience of a failover
    /// @param sessions knows whether the own stream is fenced for one already
    /// @param echo where the leader's agent hears what is acknowledged to the copy of that number
    /// @param wholes told when all is copied
    public CopyWork(
            Stores stores,
            Stores quick,
            Resync.Folders folders,
            Inbox inbox,
            Clock clock,
            Sessions sessions,
            LongFunction<String> echo,
            WholeCopies wholes) {
        this.stores = stores;
        this.quick = quick;
        this.folders = folders;
        this.inbox = inbox;
        this.clock = clock;
        this.sessions = sessions;
        this.echo = echo;
        this.wholes = wholes;
    }

    /// How far the present work is, for reports.
    public CopyProgress progress() {
        return progress;
    }

    /// Why copying stopped last, empty once it has moved on.
    public Optional<CopyTrouble> trouble() {
        return troubles.newest();
    }

    /// Begins what a copy needs before it can compare.
    void expect() {
        stores.expectCopy();
    }

    void compare(Action.Compare action) {
        start(
                action.copy(),
                () -> {
                    verifyServer(action.leader());
                    folders.snapshots().compareWith(action.leader());
                    progress = CopyProgress.of(CopyProgress.Phase.COMPARING, -1);
                    Comparison comparison =
                            new Comparison(stores, begun(sessions.copying(action.mark())), _ -> {});
                    Verdict found =
                            comparison.compare(
                                    action.own(),
                                    action.leader().standing().history(),
                                    action.trust());
                    keep(new Compared(action, found));
                    progress = CopyProgress.NONE;
                    inbox.post(new Event.Compared(clock.millis(), action.copy(), found.result()));
                });
    }

    /// A connection to another server process than the one that leads is of no use (rule T2).
    private void verifyServer(Report announced) throws StoreException {
        StreamFacts facts =
                stores.leader().inspect().orElseThrow(() -> missing("the leader's stream"));
        if (!facts.serverId().equals(announced.store().serverId())) {
            throw new StoreException(
                    StoreException.Kind.UNREACHABLE,
                    "the leader's server was restarted since it announced its term");
        }
    }

    void prepare(Action.PrepareResync action, OrphanExport.Origin origin) {
        Compared before = compared();
        start(
                action.copy(),
                () -> {
                    before.why().ifPresent(why -> wholes.begin(before.leader(), why));
                    Resync resync = resync(present());
                    long exported = 0;
                    if (before.found() instanceof Verdict.Orphans orphans) {
                        resync.prepare(orphans, origin);
                        exported = orphans.count();
                    } else {
                        resync.prepare();
                    }
                    inbox.post(new Event.ResyncPrepared(clock.millis(), action.copy(), exported));
                });
    }

    /// A server that was restarted since its stream was compared may have lost what it had then:
    /// nothing is deleted for it, and what was saved is not given up for what it had left.
    void replace(Action.ReplaceStream action) {
        Compared before = compared();
        start(
                action.copy(),
                () -> {
                    wholes.begin(before.leader(), Compared.CUT_OFF);
                    verifyServer(before.leader());
                    StreamFacts facts = resync(newSession(action.mark())).replace();
                    verifyServer(before.leader());
                    wholes.end(facts.lastSeq(), facts::messages);
                    keep(before.level(facts.lastSeq()));
                    inbox.post(
                            new Event.StreamReplaced(
                                    clock.millis(),
                                    action.copy(),
                                    facts.created(),
                                    facts.firstSeq(),
                                    facts.lastSeq()));
                });
    }

    void forget() {
        Thread.ofVirtual()
                .name("forget")
                .start(() -> {
                    try {
                        List<String> left = resync(present()).forget();
                        if (!left.isEmpty()) {
                            LOG.warn(
                                    "saved streams stay in the state folder: snapshots/"
                                            + String.join(", snapshots/", left)
                                            + ": the leader has changed since they were compared"
                                            + " with its stream, and may have lost what they hold;"
                                            + " remove them when nothing is missing");
                        }
                    } catch (CopyException e) {
                        LOG.warn("a saved stream stays: " + e.getMessage());
                    }
                });
    }

    /// A piece of work that was told to end, and was not waited for, finds something late.
    private synchronized void keep(Compared found) {
        Compared known = compared;
        if (known == null || known.asked().copy() <= found.asked().copy()) {
            compared = found;
        }
    }

    /// What was found before, without which nothing is done to the own stream.
    private Compared compared() {
        return Objects.requireNonNull(compared, "nothing was compared");
    }

    void tail(Action.Tail action) {
        Compared before = compared();
        start(
                action.copy(),
                () -> {
                    before.why().ifPresent(why -> wholes.begin(before.leader(), why));
                    Session present = present();
                    tail(action.copy(), (echo, to) -> Tail.open(stores, present, echo, to));
                });
    }

    /// The session for which the stream was fenced when the lead was given away is the copy's.
    void copyOn(Action.CopyOn action) {
        start(
                action.copy(),
                () -> {
                    Session ours = begun(sessions.copying(action.mark()));
                    tail(action.copy(), (echo, to) -> Tail.behind(action, stores, ours, echo, to));
                });
    }

    private interface Opening {
        Tail open(String echo, Tail.Progress to) throws CopyException;
    }

    private void tail(long copy, Opening opening) throws CopyException {
        progress = CopyProgress.of(CopyProgress.Phase.TAILING, 0);
        Comparison comparison = new Comparison(stores, present(), _ -> {});
        Runnable looks =
                new LevelWatch(comparison, troubles, why -> failed(copy, CopyProblem.CONTENT, why));
        Thread watch = Thread.ofVirtual().name("level").unstarted(looks);
        try (Tail tail = opening.open(echo.apply(copy), durable(copy))) {
            watch.start();
            tailed = copy;
            troubles.beginsAt(tail.next());
            durable(copy).at(tail.next() - 1, tail.wholeFrom());
            ended(copy, tail.run());
        } finally {
            watch.interrupt();
        }
    }

    private Tail.Progress durable(long copy) {
        return (sequence, wholeFrom) -> {
            troubles.copiedTo(sequence);
            inbox.post(new Event.Copied(clock.millis(), copy, sequence, wholeFrom));
            if (wholeFrom > 0 && sequence >= wholeFrom) {
                wholes.end(sequence, this::messages);
            }
        };
    }

    private long messages() throws StoreException {
        return stores.own().inspect().orElseThrow(() -> missing("the own stream")).messages();
    }

    private static StoreException missing(String stream) {
        return new StoreException(StoreException.Kind.NO_STREAM, stream + " does not exist");
    }

    private void ended(long copy, TailEnd end) {
        switch (end) {
            case TailEnd.LeaderGone(_, String why) -> failed(copy, CopyProblem.LEADER, why);
            case TailEnd.OwnStoreFailed(_, String why) -> failed(copy, CopyProblem.OWN, why);
            case TailEnd.Diverged(String why) -> failed(copy, CopyProblem.CONTENT, why);
            case TailEnd.WrongSequence(String why) -> failed(copy, CopyProblem.CONTENT, why);
            case TailEnd.Cancelled _, TailEnd.Reached _ -> {}
        }
    }

    void fencePeer(Action.FencePeer action) {
        start(
                action.op(),
                () -> {
                    try {
                        Session fresh = sessions.start(action.mark());
                        long barrier = new Drain(quick, fresh).fence();
                        inbox.post(new Event.PeerFenced(clock.millis(), action.op(), barrier));
                    } catch (CopyException e) {
                        inbox.post(
                                new Event.PeerNotFenced(
                                        clock.millis(), action.op(), e.getMessage()));
                    }
                });
    }

    void drain(Action.Drain action) {
        start(
                action.op(),
                () -> {
                    String why;
                    try {
                        Session fresh = newSession(action.mark());
                        stores.own().fence(fresh.mark(), fresh.token());
                        TailEnd end =
                                new Drain(stores, fresh).copyTo(action.barrier(), durable(tailed));
                        if (end instanceof TailEnd.Reached(long sequence)) {
                            wholes.end(sequence, this::messages);
                            inbox.post(new Event.Drained(clock.millis(), action.op(), sequence));
                            return;
                        }
                        why = end.toString();
                    } catch (CopyException | StoreException e) {
                        why = String.valueOf(e.getMessage());
                    }
                    inbox.post(new Event.NotDrained(clock.millis(), action.op(), why));
                });
    }

    /// Waits for work that was told to end.
    @FunctionalInterface
    interface Ending {
        void await() throws InterruptedException;
    }

    /// Ends the present work.
    ///
    /// @return waits for its end, behind which it moves no fence any more. Only a disk that hangs
    ///   holds it up, and is not waited for
    Ending stop() {
        Thread before = worker;
        worker = null;
        progress = CopyProgress.NONE;
        if (before == null) {
            return () -> {};
        }
        before.interrupt();
        return () -> before.join(AT_DISK);
    }

    /// Begins a session; what the one before published late finds no stream.
    private Session newSession(Mark mark) {
        return begun(sessions.start(mark));
    }

    private Session begun(Session present) {
        session = present;
        return present;
    }

    /// The session for which the own stream is fenced.
    private Session present() {
        return Objects.requireNonNull(session, "nothing was compared");
    }

    private Resync resync(Session of) {
        return new Resync(stores, of, folders, now -> progress = now, System::nanoTime);
    }

    private interface Work {
        void run() throws CopyException, StoreException;
    }

    /// Starts a piece of work once the one before has ended.
    private void start(long copy, Work work) {
        Thread before = worker;
        if (before != null) {
            before.interrupt();
        }
        worker =
                Thread.ofPlatform()
                        .daemon()
                        .name("copy-" + copy)
                        .start(() -> {
                            try {
                                if (before != null) {
                                    before.join();
                                }
                                work.run();
                            } catch (CopyException e) {
                                failed(copy, problem(e), e.getMessage());
                            } catch (StoreException e) {
                                failed(copy, CopyProblem.LEADER, String.valueOf(e.getMessage()));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private static CopyProblem problem(CopyException e) {
        return switch (e.side()) {
            case OWN -> CopyProblem.OWN;
            case LEADER -> CopyProblem.LEADER;
            case DISK -> CopyProblem.EXPORT;
        };
    }

    /// What the next piece of work has ended, or a stop, did not fail by itself.
    private void failed(long copy, CopyProblem problem, String why) {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        progress = CopyProgress.NONE;
        troubles.stopped(problem, why);
        inbox.post(new Event.CopyFailed(clock.millis(), copy, problem, why));
    }

    @Override
    public void close() {
        stop();
    }
}
