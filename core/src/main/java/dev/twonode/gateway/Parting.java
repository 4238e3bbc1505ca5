package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Closes one client's connection so that it waits for nothing. A request that is under way when a
/// connection breaks keeps its sender waiting for the whole of its own time-out. So every one that
/// a server has seen gets its answer first; what no server has seen, and what the client says until
/// it notices, is left for its next connection.
final class Parting implements Runnable {

    private final Session session;
    private final Books books;
    private final Settlement settlement;
    private final Duration patience;
    private final Duration linger;
    private final boolean cutsOff;

    private Parting(Session session, Duration patience, Duration linger, boolean cutsOff) {
        this.session = session;
        this.books = session.books();
        this.settlement = new Settlement(session);
        this.patience = patience;
        this.linger = linger;
        this.cutsOff = cutsOff;
    }

    /// For a client whose requests are settled.
    static Parting of(Session session) {
        return new Parting(session, Duration.ZERO, GatewaySettings.LINGER, true);
    }

    /// For a client of a gateway that ends. One that does not notice is left to what the agent
    /// still does until the gateway is closed.
    static Parting forGood(Session session) {
        return new Parting(session, GatewaySettings.FAREWELL, GatewaySettings.FAREWELL, false);
    }

    @Override
    public void run() {
        session.guard(this::part);
    }

    private void part() throws IOException, InterruptedException {
        if (leave()) {
            settlement.awaitAnswers(patience, session::isClosed);
            settlement.giveUp();
            refused().forEach(books::depart);
            session.traffic().flush();
            awaitPause();
            session.client().finishWriting();
        }
        if (!session.awaitEnd(linger) && cutsOff) {
            session.cutOff();
        }
    }

    /// What nats.go has taken from its user and not written yet when it notices the end, it drops:
    /// nobody can answer that. On a busy machine that is what it took in milliseconds. A client
    /// that was told something is about to write, and waits for us once its next request is here.
    private void awaitPause() throws InterruptedException {
        long deadline = System.nanoTime() + GatewaySettings.TALK.toNanos();
        books.await(GatewaySettings.TALK, () -> isWaiting() || session.isClosed());
        long left = untilPause(deadline);
        while (left > 0 && !session.awaitEnd(Duration.ofNanos(left))) {
            left = untilPause(deadline);
        }
    }

    private boolean isWaiting() {
        return session.client().heardAt() - session.client().toldAt() > 0;
    }

    private long untilPause(long deadline) {
        long now = System.nanoTime();
        long pause = session.client().heardAt() + GatewaySettings.PAUSE.toNanos();
        return Math.min(pause - now, deadline - now);
    }

    /// From now on nothing goes to the server. What the client says meanwhile waits behind what it
    /// said before.
    ///
    /// @return false when the client leaves already
    private boolean leave() {
        books.lock.lock();
        try {
            if (books.phase == Books.Phase.LEAVING || books.phase == Books.Phase.ENDED) {
                return false;
            }
            books.phase = Books.Phase.LEAVING;
            books.held.putFirst(refused(), session.around().now());
            books.changed.signalAll();
        } finally {
            books.lock.unlock();
        }
        books.departHeld();
        return true;
    }

    /// Takes what nobody took, so that nothing came of it.
    private List<Frame.Publish> refused() {
        List<Frame.Publish> refused = new ArrayList<>();
        books.lock.lock();
        try {
            for (Request request : books.requests.that(Request.Progress.REFUSED)) {
                books.requests.remove(request.reply);
                refused.add(request.publish);
            }
        } finally {
            books.lock.unlock();
        }
        return refused;
    }
}
