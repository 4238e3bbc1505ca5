package dev.twonode.simulation;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Event.CopyProblem;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.Report;
import dev.twonode.replication.Comparison;
import dev.twonode.replication.CopyException;
import dev.twonode.replication.Drain;
import dev.twonode.replication.Level;
import dev.twonode.replication.LocalSnapshots;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.OrphanExports;
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
import org.jspecify.annotations.Nullable;

/// An agent's copy work: the real comparison, tail, resync and drain, started and ended as
/// `CopyWork` does.
final class SimulatedCopy {

    private static final long QUIET = 20 * Timeline.MS;
    private static final int QUIET_ROUNDS = 12;
    private static final long FIRST_LOOK = 1_000 * Timeline.MS;
    private static final long LAST_LOOK = 60_000 * Timeline.MS;

    private final SimulatedAgent agent;
    private final Stores stores;
    private final Stores quick;
    private final Sessions sessions;
    private final Resync.Folders folders;
    private @Nullable Fiber worker;
    private @Nullable Fiber watcher;
    private @Nullable Verdict verdict;
    private @Nullable Report leader;
    private @Nullable Session session;
    private long tailed;

    SimulatedCopy(SimulatedAgent agent, Stores stores, Stores quick, Sessions sessions) {
        this.agent = agent;
        this.stores = stores;
        this.quick = quick;
        this.sessions = sessions;
        this.folders =
                new Resync.Folders(
                        new OrphanExports(agent.node().stateDir(), agent.clock()::wall),
                        new LocalSnapshots(agent.node().stateDir(), agent.clock()::wall));
    }

    void compare(Action.Compare action) {
        start(
                action.copy(),
                _ -> {
                    verifyServer(action.leader());
                    folders.snapshots().compareWith(action.leader());
                    Comparison comparison =
                            new Comparison(stores, begun(sessions.copying(action.mark())), _ -> {});
                    Verdict found =
                            comparison.compare(
                                    action.own(),
                                    action.leader().standing().history(),
                                    action.trust());
                    verdict = found;
                    leader = action.leader();
                    agent.world().trace().note(() -> agent.node() + "  found " + found);
                    post(new Event.Compared(now(), action.copy(), found.result()));
                });
    }

    private void verifyServer(@Nullable Report announced) throws StoreException {
        StreamFacts facts =
                stores.leader()
                        .inspect()
                        .orElseThrow(() ->
                                new StoreException(
                                        StoreException.Kind.NO_STREAM,
                                        "the leader's stream does not exist"));
        if (announced == null || !facts.serverId().equals(announced.store().serverId())) {
            throw new StoreException(
                    StoreException.Kind.UNREACHABLE,
                    "the leader's server was restarted since it announced its term");
        }
    }

    void prepare(Action.PrepareResync action) {
        Verdict found = verdict;
        String pair = Objects.requireNonNullElse(agent.node().disk().pairId(), "");
        OrphanExport.Origin origin =
                new OrphanExport.Origin(
                        pair, agent.node().name().value(), OrphanExport.Acknowledged.UNKNOWN);
        start(
                action.copy(),
                _ -> {
                    Resync resync = resync(present());
                    long exported = 0;
                    if (found instanceof Verdict.Orphans orphans) {
                        resync.prepare(orphans, origin);
                        exported = orphans.count();
                    } else {
                        resync.prepare();
                    }
                    post(new Event.ResyncPrepared(now(), action.copy(), exported));
                });
    }

    void replace(Action.ReplaceStream action) {
        Report compared = leader;
        start(
                action.copy(),
                _ -> {
                    verifyServer(compared);
                    StreamFacts facts = resync(newSession(action.mark())).replace();
                    verifyServer(compared);
                    post(
                            new Event.StreamReplaced(
                                    now(),
                                    action.copy(),
                                    facts.created(),
                                    facts.firstSeq(),
                                    facts.lastSeq()));
                });
    }

    void forget() {
        try {
            List<String> left = resync(present()).forget();
            agent.world().trace().note(() -> agent.node() + "  saved streams stay: " + left);
        } catch (CopyException staysThere) {
            agent.world().trace().note(() -> agent.node() + "  a saved stream stays");
        }
    }

    void tail(Action.Tail action) {
        long copy = action.copy();
        start(
                copy,
                fiber -> {
                    Session present = present();
                    tail(fiber, copy, Tail.open(stores, present, echo(copy), durable(copy)));
                });
    }

    void copyOn(Action.CopyOn action) {
        long copy = action.copy();
        start(
                copy,
                fiber -> {
                    Session fenced = begun(sessions.copying(action.mark()));
                    Tail behind = Tail.behind(action, stores, fenced, echo(copy), durable(copy));
                    tail(fiber, copy, behind);
                });
    }

    private String echo(long copy) {
        return agent.settings().process() + " " + copy;
    }

    private void tail(Fiber fiber, long copy, Tail opened) {
        try (Tail tail = opened) {
            watcher = agent.fiber("level", () -> watchLevel(copy));
            tailed = copy;
            durable(tailed).at(tail.next() - 1, tail.wholeFrom());
            run(fiber, tail);
            ended(copy, tail.end().orElseGet(TailEnd.Cancelled::new));
        } finally {
            interrupt(watcher);
        }
    }

    private static void run(Fiber fiber, Tail tail) {
        int quiet = 0;
        while (tail.end().isEmpty() && !fiber.isInterrupted()) {
            if (tail.step(Duration.ZERO) > 0) {
                quiet = 0;
            } else if (tail.end().isEmpty()) {
                quiet++;
                fiber.pause(QUIET);
            }
            if (quiet == QUIET_ROUNDS) {
                tail.settle();
                quiet = 0;
            }
            tail.report();
        }
    }

    private void watchLevel(long copy) {
        Comparison comparison = new Comparison(stores, present(), _ -> {});
        Fiber fiber = Objects.requireNonNull(agent.world().running());
        long pause = FIRST_LOOK;
        try {
            while (true) {
                fiber.pause(pause);
                if (fiber.isInterrupted()) {
                    return;
                }
                pause = Math.min(2 * pause, LAST_LOOK);
                switch (comparison.level()) {
                    case Level.Same _ -> {
                        return;
                    }
                    case Level.Different(String why) -> {
                        failed(copy, CopyProblem.CONTENT, why);
                        return;
                    }
                    case Level.Moving _ -> {}
                }
            }
        } catch (CopyException notComparable) {
            agent.world().trace().note(() -> agent.node() + "  not compared: " + notComparable);
        }
    }

    private Tail.Progress durable(long copy) {
        return (sequence, wholeFrom) -> post(new Event.Copied(now(), copy, sequence, wholeFrom));
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
                _ -> {
                    try {
                        Session fresh = sessions.start(action.mark());
                        long barrier = new Drain(quick, fresh).fence();
                        post(new Event.PeerFenced(now(), action.op(), barrier));
                    } catch (CopyException e) {
                        post(new Event.PeerNotFenced(now(), action.op(), e.getMessage()));
                    }
                });
    }

    void drain(Action.Drain action) {
        start(
                action.op(),
                _ -> {
                    String why;
                    try {
                        Session fresh = newSession(action.mark());
                        stores.own().fence(fresh.mark(), fresh.token());
                        TailEnd end =
                                new Drain(stores, fresh).copyTo(action.barrier(), durable(tailed));
                        if (end instanceof TailEnd.Reached(long sequence)) {
                            post(new Event.Drained(now(), action.op(), sequence));
                            return;
                        }
                        why = end.toString();
                    } catch (CopyException | StoreException e) {
                        why = String.valueOf(e.getMessage());
                    }
                    post(new Event.NotDrained(now(), action.op(), why));
                });
    }

    /// Ends the present work.
    ///
    /// @return what is to end, null when nothing runs
    @Nullable Fiber stop() {
        Fiber before = worker;
        interrupt(before);
        worker = null;
        return before;
    }

    private static void interrupt(@Nullable Fiber fiber) {
        if (fiber != null) {
            fiber.interrupt();
        }
    }

    private Session newSession(Mark mark) {
        return begun(sessions.start(mark));
    }

    private Session begun(Session present) {
        session = present;
        return present;
    }

    private Session present() {
        return Objects.requireNonNull(session, "nothing was compared");
    }

    private Resync resync(Session of) {
        return new Resync(stores, of, folders, _ -> {}, () -> 0);
    }

    private interface Work {
        void run(Fiber fiber) throws CopyException, StoreException;
    }

    /// Starts a piece of work once the one before has ended.
    private void start(long copy, Work work) {
        Fiber before = worker;
        interrupt(before);
        worker = agent.fiber("copy-" + copy, () -> begin(copy, before, work));
    }

    private void begin(long copy, @Nullable Fiber before, Work work) {
        Fiber fiber = Objects.requireNonNull(agent.world().running());
        while (before != null && !before.hasEnded()) {
            fiber.pause(Timeline.MS / 10);
            if (fiber.isInterrupted()) {
                return;
            }
        }
        try {
            work.run(fiber);
        } catch (CopyException e) {
            failed(copy, problem(e), e.getMessage());
        } catch (StoreException e) {
            failed(copy, CopyProblem.LEADER, e.getMessage());
        }
    }

    private static CopyProblem problem(CopyException e) {
        return switch (e.side()) {
            case OWN -> CopyProblem.OWN;
            case LEADER -> CopyProblem.LEADER;
            case DISK -> CopyProblem.EXPORT;
        };
    }

    private void failed(long copy, CopyProblem problem, String why) {
        agent.world().trace().note(() -> agent.node() + "  copying stopped: " + why);
        post(new Event.CopyFailed(now(), copy, problem, why));
    }

    private long now() {
        return agent.clock().millis();
    }

    private void post(Event event) {
        agent.post(event);
    }
}
