package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Mark;
import dev.twonode.replication.RevisionJump;
import dev.twonode.replication.Session;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StreamFacts;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Calls on the own stream's face, one after the other in the order in which they were decided, so
/// that a late answer of the server never undoes a newer decision.
public final class OwnStoreWork implements AutoCloseable {

    private static final Log LOG = Log.of(OwnStoreWork.class);

    private final Store store;
    private final RevisionJump jump;
    private final Inbox inbox;
    private final Clock clock;
    private final Sessions sessions;
    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final Thread worker;
    private final RateLimit refusals = RateLimit.untilCleared();
    private volatile @Nullable StreamFacts newest;
    private volatile String refusal = "";
    private volatile String trouble = "";

    /// @param jump takes the stream over lost revisions, with the patience that copying needs
    /// @param sessions told for which of them the stream is fenced
    public OwnStoreWork(
            Store store, RevisionJump jump, Inbox inbox, Clock clock, Sessions sessions) {
        this.store = store;
        this.jump = jump;
        this.inbox = inbox;
        this.clock = clock;
        this.sessions = sessions;
        this.worker = Thread.ofVirtual().name("own-store").start(this::work);
    }

    /// The newest answer, for reports.
    public Optional<StreamFacts> newest() {
        return Optional.ofNullable(newest);
    }

    /// Why the stream could not be opened last, empty when it was, or need not be any more.
    public String refusal() {
        return refusal;
    }

    /// Why the server refused the last call on the stream, empty when it did not.
    public String trouble() {
        return trouble;
    }

    /// What follows waits until copying has ended, which may be moving the own fence just now.
    void after(CopyWork.Ending copying) {
        calls.add(() -> {
            try {
                copying.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void read(Action.ReadOwn action) {
        calls.add(() -> call(action.op(), this::existing));
    }

    void fence(Action.FenceOwn action) {
        calls.add(() -> {
            refusal = "";
            call(action.op(), () -> fenceOrCreate(action));
        });
    }

    void open(Action.OpenOwn action) {
        calls.add(() -> call(action.op(), () -> opened(action.mark())));
    }

    /// Opening is tried until it works, so whoever waits for it has to be told what is in the way.
    private StreamFacts opened(Mark mark) throws StoreException {
        try {
            sessions.moving();
            StreamFacts facts = store.open(mark);
            refusal = "";
            return facts;
        } catch (StoreException e) {
            refusal = String.valueOf(e.getMessage());
            throw e;
        }
    }

    void jump(Action.JumpOwn action) {
        calls.add(() ->
                call(action.op(), () -> jump.run(sessions.start(action.mark()), action.to())));
    }

    private StreamFacts existing() throws StoreException {
        return store.inspect()
                .orElseThrow(() ->
                        new StoreException(
                                StoreException.Kind.NO_STREAM, "the stream does not exist"));
    }

    private StreamFacts fenceOrCreate(Action.FenceOwn action) throws StoreException {
        Mark mark = action.mark();
        Session session = sessions.start(mark);
        sessions.moving();
        StreamFacts facts;
        try {
            facts = store.fence(mark, session.token(), action.care());
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.NO_STREAM) {
                throw e;
            }
            facts = store.createFenced(mark, session.token(), Store.KINE_HISTORY);
        }
        sessions.fenced(session, facts);
        return facts;
    }

    private interface Call {
        StreamFacts make() throws StoreException;
    }

    private void call(long op, Call call) {
        long sentAt = clock.millis();
        try {
            StreamFacts facts = call.make();
            newest = facts;
            if (!trouble.isEmpty()) {
                trouble = "";
                refusals.clear();
            }
            inbox.post(new Event.StoreAnswered(clock.millis(), op, sentAt, Readings.of(facts)));
        } catch (StoreException e) {
            note(e);
            boolean missing = e.kind() == StoreException.Kind.NO_STREAM;
            inbox.post(
                    new Event.StoreFailed(
                            clock.millis(), op, missing, String.valueOf(e.getMessage())));
        }
    }

    /// A server that says no will say so again: whoever waits for it has to be told.
    private void note(StoreException failure) {
        switch (failure.kind()) {
            case REFUSED, UNUSABLE -> {
                trouble = String.valueOf(failure.getMessage());
                String what = refusal.isEmpty() ? "used: " : "opened: ";
                LOG.warnOnce(refusals, "the own stream cannot be " + what + trouble);
            }
            case UNREACHABLE, UNKNOWN, NO_STREAM, WRONG_SEQUENCE -> {}
        }
    }

    private void work() {
        try {
            while (true) {
                calls.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
