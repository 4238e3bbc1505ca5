package dev.twonode.simulation;

import dev.twonode.node.Readings;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Mark;
import dev.twonode.replication.Face;
import dev.twonode.replication.RevisionJump;
import dev.twonode.replication.Session;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StreamFacts;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// An agent's calls on the face of its own stream, one after the other, as `OwnStoreWork` makes
/// them.
final class OwnCalls {

    private final SimulatedAgent agent;
    private final Store store;
    private final RevisionJump jump;
    private final Sessions sessions;
    private final Deque<Runnable> calls = new ArrayDeque<>();
    private Fiber.Signal more = new Fiber.Signal();
    private @Nullable Fiber fiber;

    OwnCalls(SimulatedAgent agent, Store store, Sessions sessions) {
        this.agent = agent;
        this.store = store;
        this.jump = new RevisionJump(store, "kine", () -> agent.clock().wall());
        this.sessions = sessions;
    }

    void begin() {
        fiber = agent.fiber("own-store", this::work);
    }

    void after(@Nullable Fiber copying) {
        add(() -> {
            Fiber worker = fiber;
            while (copying != null && worker != null && !copying.hasEnded()) {
                worker.pause(Timeline.MS / 10);
            }
        });
    }

    void read(Action.ReadOwn action) {
        add(() -> call(action.op(), this::existing));
    }

    void fence(Action.FenceOwn action) {
        add(() -> call(action.op(), () -> fenceOrCreate(action)));
    }

    void open(Action.OpenOwn action) {
        add(() -> call(action.op(), () -> opened(action.mark())));
    }

    /// A node knows the fence that it has set itself: a wrong guess costs its clients a moment.
    private StreamFacts opened(Mark mark) throws StoreException {
        try {
            sessions.moving();
            return store.open(mark);
        } catch (StoreException e) {
            Face face = agent.node().server().facts().map(StreamFacts::face).orElse(null);
            boolean own =
                    face instanceof Face.Fenced(Mark present, _)
                            && present.by().equals(mark.by())
                            && !present.equals(mark);
            if (e.kind() == StoreException.Kind.REFUSED && own) {
                throw new IllegalStateException("opens behind " + mark + " but has " + face, e);
            }
            throw e;
        }
    }

    void jump(Action.JumpOwn action) {
        add(() -> call(action.op(), () -> jump.run(sessions.start(action.mark()), action.to())));
    }

    private void add(Runnable call) {
        calls.add(call);
        Fiber worker = fiber;
        if (worker != null) {
            worker.raise(more);
        }
    }

    private void work() {
        Fiber worker = fiber;
        while (worker != null) {
            while (calls.isEmpty()) {
                more = new Fiber.Signal();
                worker.await(more);
            }
            calls.remove().run();
        }
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

    private interface Made {
        StreamFacts facts() throws StoreException;
    }

    private void call(long op, Made made) {
        long sentAt = agent.clock().millis();
        try {
            StreamFacts facts = made.facts();
            agent.post(
                    new Event.StoreAnswered(
                            agent.clock().millis(), op, sentAt, Readings.of(facts)));
        } catch (StoreException e) {
            boolean missing = e.kind() == StoreException.Kind.NO_STREAM;
            agent.post(new Event.StoreFailed(agent.clock().millis(), op, missing, e.getMessage()));
        }
    }
}
