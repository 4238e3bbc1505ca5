package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one client has under way. The session's threads meet here: every field is guarded by the
/// lock, and only the present connection may be looked at without it.
final class Books {

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final Subscriptions subscriptions = new Subscriptions();
    final Requests requests = new Requests();
    final Held held = new Held();
    final Pulls pulls = new Pulls();
    Greeting.Introduction introduction = Greeting.Introduction.NONE;
    volatile @Nullable Upstream upstream;
    Phase phase = Phase.SILENT;

    /// Whether any server was ever reached for this client.
    boolean served;

    /// The client's pings that the server has yet to answer.
    int pings;

    /// Pings that are answered once a server has taken the client's login.
    int pingsForLogin;

    /// Whether servers ask for a login.
    boolean needsLogin;

    boolean watchesRefused;

    private final Surroundings around;
    private final Link client;

    /// What happens to what the client says.
    enum Phase {
        /// It has not introduced itself.
        SILENT,
        /// It goes to the server.
        FORWARDING,
        /// It waits, while a [Move] looks for a server.
        HOLDING,
        /// The connection is about to be closed: it goes to the client's next one.
        LEAVING,
        /// Nobody listens any more.
        ENDED;

        /// Whether what the client says reaches a server, now or soon.
        boolean isServed() {
            return this == FORWARDING || this == HOLDING;
        }
    }

    Books(Surroundings around, Link client) {
        this.around = around;
        this.client = client;
    }

    /// Whether requests go by this connection now.
    boolean isWay(Upstream to) {
        return !to.isClosed()
                && around.board().now() instanceof Showing.Leader leader
                && leader.takesRequests()
                && to.isOf(leader);
    }

    /// By which connection requests go now, null while they wait, or go to the client's next one.
    @Nullable Upstream way() {
        lock.lock();
        try {
            return phase == Phase.FORWARDING ? upstream : null;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the client still listens for the answer to a write that a server has.
    boolean awaitsWrite() {
        return requests.that(Request.Progress.SENT).stream()
                .anyMatch(it -> it.purpose.isWrite() && subscriptions.sidOf(it.reply) != null);
    }

    /// Writes to a server. A failure is that of the connection, whose reader finds out too.
    static boolean written(Upstream to, Frame frame) {
        try {
            to.link().write(frame);
            return true;
        } catch (IOException e) {
            to.close();
            return false;
        }
    }

    /// Waits at most so long for something that changes with the books.
    void await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (left > 0 && !condition.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets whoever waits look again.
    void nudge() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The connection is being closed: what is held goes to the client's next one, in the order in
    /// which it was said. So one thread does it at a time, and without the lock, since that goes to
    /// another session.
    synchronized void departHeld() {
        List<Frame.Publish> leaving;
        lock.lock();
        try {
            leaving = held.takeAll();
        } finally {
            lock.unlock();
        }
        leaving.forEach(this::depart);
    }

    /// Leaves one message for the client's next connection. One that wants no answer goes with this
    /// one.
    void depart(Frame.Publish publish) {
        Upstream to = upstream;
        if (publish.reply() != null) {
            around.leave(publish);
            nudge();
        } else if (to != null && to.isIntroduced()) {
            written(to, publish);
        }
    }

    /// Gives a request an answer of the gateway's own.
    void answer(String reply, byte[] body) throws IOException {
        answer(reply, sid -> Frames.message(reply, sid, body));
    }

    /// Answers with a status and no body.
    void answerStatus(String reply, String status) throws IOException {
        answer(reply, sid -> Frames.status(reply, sid, status));
    }

    private void answer(String reply, Function<String, Frame> frame) throws IOException {
        String sid;
        lock.lock();
        try {
            sid = subscriptions.sidOf(reply);
            if (sid != null) {
                subscriptions.delivered(sid);
            }
        } finally {
            lock.unlock();
        }
        if (sid != null) {
            client.send(frame.apply(sid));
        }
        answered(reply);
    }

    /// Forgets a request whose answer was written. Not before: a connection is closed once no
    /// request is left.
    void answered(String reply) {
        lock.lock();
        try {
            requests.remove(reply);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
