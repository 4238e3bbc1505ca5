package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Brings one client from where it was served to where it is served next. Its connection stays open
/// until every request that it sent has an answer; then it is closed once, because what the old
/// server did for it (consumers above all) is rebuilt by clients only when they connect anew.
final class Move implements Runnable {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration FIRST_RETRY = Duration.ofMillis(20);
    private static final Duration LAST_RETRY = Duration.ofMillis(500);
    private static final Duration READY = Duration.ofSeconds(2);

    private final Session session;
    private final Surroundings around;
    private final Books books;
    private final Link client;
    private final Settlement settlement;
    private final long since;
    private Duration retry = FIRST_RETRY;

    /// Connected before it leads, since that takes longer than all else that is left to do then.
    private @Nullable Upstream ahead;

    private Move(Session session) {
        this.session = session;
        this.around = session.around();
        this.books = session.books();
        this.client = session.client();
        this.settlement = new Settlement(session);
        this.since = around.now();
    }

    /// Begins to look for the server to go on with.
    static void start(Session session) {
        Thread.ofVirtual().name("gateway-move").start(new Move(session));
    }

    @Override
    public void run() {
        session.guard(this::bring);
    }

    private void bring() throws IOException, InterruptedException {
        if (leavesEarly()) {
            return;
        }
        ahead = around.connectAhead();
        try {
            introduceAhead();
            while (!session.isClosed()) {
                Showing.Leader leader = around.board().awaitLeader(LOOK);
                settlement.expire(since);
                if (leader != null && arrive(leader)) {
                    return;
                }
                settlement.tellPulls();
            }
        } finally {
            takeAhead().ifPresent(Upstream::close);
        }
    }

    /// A client that comes while a lead is handed over has no server to leave first: it is known at
    /// the next leader's by the time that one opens.
    private void introduceAhead() throws InterruptedException {
        if (books.upstream == null && !books.introduction.signs()) {
            Optional<Upstream> next = takeAhead();
            if (next.isPresent()) {
                introduce(next.get());
            }
        }
    }

    private Optional<Upstream> takeAhead() {
        Optional<Upstream> taken = Optional.ofNullable(ahead);
        ahead = null;
        return taken;
    }

    /// A leader that hands over soon has answered all that it was sent. Its clients are closed then
    /// and not once the next one leads: they connect anew while the handover goes on.
    ///
    /// @return whether the client was sent away
    private boolean leavesEarly() throws InterruptedException {
        Upstream before = books.upstream;
        if (before == null || !before.handsOver()) {
            return false;
        }
        BooleanSupplier given = () -> before.isClosed() || !before.handsOver();
        settlement.awaitAnswers(GatewaySettings.SETTLE, given);
        if (given.getAsBoolean() || settlement.isOutstanding()) {
            return false;
        }
        Parting.of(session).run();
        return true;
    }

    /// Goes to a leader's server.
    ///
    /// @return whether the client is where it belongs, or is being sent there
    private boolean arrive(Showing.Leader leader) throws IOException, InterruptedException {
        Upstream before = books.upstream;
        if (before != null && !before.isClosed() && before.isOf(leader) && before.isReady()) {
            return resume(before);
        }
        if (before != null && before.handsOver()) {
            settlement.awaitAnswers(GatewaySettings.SETTLE, before::isClosed);
        }
        retire();
        if (books.introduction.signs()) {
            settlement.giveUp();
            Parting.of(session).run();
            return true;
        }
        Upstream next;
        try {
            next = connect(leader);
        } catch (IOException e) {
            around.trouble(
                    Surroundings.DIAL, "the leader's server is not reached: " + e.getMessage());
            rest(leader);
            return false;
        }
        if (!introduce(next)) {
            around.trouble("introduce", "the leader's server does not take a client");
            rest(leader);
            return false;
        }
        if (!books.served) {
            return resume(next);
        }
        if (!settlement.settle(next)) {
            return false;
        }
        Parting.of(session).run();
        return true;
    }

    private Upstream connect(Showing.Leader leader) throws IOException {
        Optional<Upstream> prepared = takeAhead();
        if (prepared.isPresent()) {
            if (prepared.get().isOf(leader)) {
                return prepared.get();
            }
            prepared.get().close();
        }
        return around.connect(leader);
    }

    /// A server that does not serve is tried again, less and less often.
    private void rest(Showing.Leader bad) throws InterruptedException {
        around.board().awaitOtherThan(bad, retry);
        Duration longer = retry.multipliedBy(2);
        retry = longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY;
    }

    /// The old connection ends; pings that it owes are answered.
    private void retire() throws IOException {
        Upstream before;
        int owed;
        books.lock.lock();
        try {
            before = books.upstream;
            books.upstream = null;
            owed = books.pings;
            books.pings = 0;
        } finally {
            books.lock.unlock();
        }
        if (before != null) {
            before.close();
            around.board().nudge();
        }
        for (int i = 0; i < owed; i++) {
            client.write(Frame.Pong.PONG);
        }
        client.flush();
    }

    /// Says and subscribes at a new server what the client did.
    ///
    /// @return whether the server took it
    private boolean introduce(Upstream next) throws InterruptedException {
        books.lock.lock();
        try {
            if (books.phase == Books.Phase.ENDED) {
                next.close();
                return false;
            }
            books.upstream = next;
            next.introduce(books.introduction);
            books.subscriptions.replay().forEach(frame -> Books.written(next, frame));
            Books.written(next, Frame.Ping.PING);
        } finally {
            books.lock.unlock();
        }
        session.traffic().flush();
        Delivery.start(session, next);
        books.await(READY, () -> next.isReady() || next.isClosed() || isElsewhere(next));
        if (!next.isReady()) {
            next.close();
        }
        return !next.isClosed();
    }

    /// Whether clients are served by another server than this one.
    private boolean isElsewhere(Upstream next) {
        return around.board().now() instanceof Showing.Leader leader
                && leader.takesRequests()
                && !next.isOf(leader);
    }

    /// Goes on with a connection: what waited is sent, in order.
    ///
    /// @return false when requests do not go there any more
    private boolean resume(Upstream way) throws IOException {
        books.lock.lock();
        try {
            if (!books.isWay(way)) {
                return false;
            }
            if (books.phase == Books.Phase.HOLDING) {
                way.setHandsOver(false);
                for (Request request : books.requests.that(Request.Progress.REFUSED)) {
                    request.moves(way, Request.Progress.SENT);
                    Books.written(way, request.publish);
                }
                books.phase = Books.Phase.FORWARDING;
                books.served = true;
                books.held.takeAll().forEach(session.traffic()::send);
                books.changed.signalAll();
            }
            for (; books.pingsForLogin > 0; books.pingsForLogin--) {
                client.write(Frame.Pong.PONG);
            }
        } finally {
            books.lock.unlock();
        }
        client.flush();
        session.traffic().flush();
        return true;
    }
}
