package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens to the frames of one client, whichever thread brings them: sent on, kept until they
/// can be, or left for the client's next connection.
final class Traffic {

    /// A write that the leader's own server refuses so long is refused indeed.
    private static final long REFUSED_MS = 1_000;

    private final Books books;
    private final Session session;
    private final Surroundings around;
    private final Link client;

    Traffic(Session session, Books books) {
        this.session = session;
        this.books = books;
        this.around = session.around();
        this.client = session.client();
    }

    /// Takes the connection that the client's greeting came from.
    void expect(@Nullable Upstream first, boolean needsLogin) {
        books.lock.lock();
        try {
            books.upstream = first;
            books.needsLogin = needsLogin;
        } finally {
            books.lock.unlock();
        }
    }

    /// The client says who it is: from now on it can be served.
    void introduce(Greeting.Introduction said) {
        books.lock.lock();
        try {
            if (books.phase != Books.Phase.SILENT) {
                return;
            }
            books.introduction = said;
            Upstream first = books.upstream;
            if (first != null && books.isWay(first) && first.introduce(said)) {
                books.phase = Books.Phase.FORWARDING;
                books.served = true;
                first.becomeReady();
                Delivery.start(session, first);
            } else {
                hold();
            }
        } finally {
            books.lock.unlock();
        }
    }

    /// Stops forwarding at the boundary of a message, and lets a move look for what comes next.
    private void hold() {
        if (books.phase == Books.Phase.FORWARDING || books.phase == Books.Phase.SILENT) {
            books.phase = Books.Phase.HOLDING;
            Move.start(session);
        }
    }

    /// The way of requests changed. The present frame is sent to its end first.
    void look() {
        books.lock.lock();
        try {
            lookNow();
        } finally {
            books.lock.unlock();
        }
    }

    private void lookNow() {
        Upstream now = books.upstream;
        if (now != null && around.board().now() instanceof Showing.Leader leader) {
            now.setHandsOver(now.isOf(leader) && !leader.takesRequests());
            books.changed.signalAll();
        }
        if (books.phase == Books.Phase.FORWARDING && (now == null || !books.isWay(now))) {
            hold();
        }
    }

    /// The server's side of a connection ended.
    void lost(Upstream which) {
        books.lock.lock();
        try {
            if (which == books.upstream) {
                hold();
            }
            books.changed.signalAll();
        } finally {
            books.lock.unlock();
        }
    }

    void ping() throws IOException {
        books.lock.lock();
        try {
            Upstream to = books.upstream;
            if (books.phase == Books.Phase.FORWARDING
                    && to != null
                    && Books.written(to, Frame.Ping.PING)) {
                books.pings++;
                return;
            }
            if (books.needsLogin && !books.served) {
                books.pingsForLogin++;
                return;
            }
        } finally {
            books.lock.unlock();
        }
        client.send(Frame.Pong.PONG);
    }

    void pong(Frame.Pong pong) {
        passOn(pong);
    }

    /// A server answered a ping: the gateway's own, or one of the client's.
    void ponged(Upstream from) throws IOException {
        books.lock.lock();
        try {
            if (from != books.upstream) {
                return;
            }
            if (!from.isReady()) {
                from.becomeReady();
                books.changed.signalAll();
                return;
            }
            if (books.pings == 0) {
                return;
            }
            books.pings--;
        } finally {
            books.lock.unlock();
        }
        client.write(Frame.Pong.PONG);
    }

    void subscribe(Frame.Subscribe subscribe) throws IOException {
        introduce(Greeting.Introduction.NONE);
        boolean added;
        books.lock.lock();
        try {
            added = books.subscriptions.add(subscribe);
            if (added) {
                make(subscribe);
            }
        } finally {
            books.lock.unlock();
        }
        if (!added) {
            client.send(Frames.failure("Maximum Subscriptions Exceeded"));
        }
    }

    void unsubscribe(Frame.Unsubscribe unsubscribe) {
        books.lock.lock();
        try {
            books.subscriptions.end(unsubscribe);
            make(unsubscribe);
            Upstream to = books.upstream;
            if (to != null && around.refusals().awaits(to) && !books.awaitsWrite()) {
                around.refusals().forget(to);
            }
        } finally {
            books.lock.unlock();
        }
    }

    /// Subscriptions go to a server as soon as it knows the client, also while a move waits for its
    /// answer: those of before were made again by then, and nobody would make these.
    private void make(Frame subscription) {
        Upstream to = books.upstream;
        if (to != null && to.isIntroduced()) {
            Books.written(to, subscription);
        }
    }

    void publish(Frame.Publish publish, Purpose purpose) throws InterruptedException {
        introduce(Greeting.Introduction.NONE);
        books.lock.lock();
        try {
            String reply = publish.reply();
            if (purpose == Purpose.PULL && reply != null) {
                books.pulls.add(reply, Pull.of(publish), around.now());
            }
            while (books.phase == Books.Phase.HOLDING && books.held.isFull()) {
                books.changed.await();
            }
            if (books.phase == Books.Phase.FORWARDING) {
                send(publish, purpose);
                return;
            }
            books.held.add(publish, around.now());
            if (books.phase == Books.Phase.HOLDING) {
                return;
            }
        } finally {
            books.lock.unlock();
        }
        books.departHeld();
    }

    /// Sends on what has waited.
    void send(Frame.Publish publish) {
        send(publish, Purpose.of(publish, around.bucket()));
    }

    private void send(Frame.Publish said, Purpose purpose) {
        String reply = said.reply();
        Frame.Publish publish =
                reply != null && purpose == Purpose.GUARDED_WRITE
                        ? Stamp.on(said, client.reader().maxPayload())
                        : said;
        if (reply != null && purpose != Purpose.PULL) {
            Upstream to = books.upstream;
            books.requests.add(new Request(publish, reply, purpose, to));
            if (to != null
                    && purpose.isWrite()
                    && !around.refusals().awaits(to)
                    && books.subscriptions.sidOf(reply) != null) {
                around.refusals().asked(to);
            }
        }
        passOn(publish);
    }

    /// A new leader has not stored a write: now it is asked to.
    void again(Upstream to, Request request) {
        books.lock.lock();
        try {
            if (to == books.upstream) {
                request.moves(to, Request.Progress.SENT);
                Books.written(to, request.publish);
            }
        } finally {
            books.lock.unlock();
        }
        flush();
    }

    /// Sends on what was asked on the client's last connection. One at a time, so that the order is
    /// kept: that connection may leave more while this one takes what it left before.
    synchronized void adopt(String subject) throws InterruptedException {
        for (Frame.Publish stray : around.strays().take(subject, around.now())) {
            publish(stray, Purpose.of(stray, around.bucket()));
        }
    }

    boolean hears(String subject) {
        books.lock.lock();
        try {
            return books.phase.isServed() && books.subscriptions.sidOf(subject) != null;
        } finally {
            books.lock.unlock();
        }
    }

    private void passOn(Frame frame) {
        books.lock.lock();
        try {
            Upstream to = books.upstream;
            if (books.phase == Books.Phase.FORWARDING && to != null) {
                Books.written(to, frame);
            }
        } finally {
            books.lock.unlock();
        }
    }

    /// Sends what was written to the server.
    void flush() {
        Upstream to = books.upstream;
        if (to != null && !to.isClosed()) {
            try {
                to.link().flush();
            } catch (IOException e) {
                to.close();
            }
        }
    }

    /// The request that a message answers, null for none.
    @Nullable Request requestOf(Frame.Message message) {
        books.lock.lock();
        try {
            return books.requests.get(message.subject());
        } finally {
            books.lock.unlock();
        }
    }

    /// Nobody took a write, since the stream is fenced: nothing was stored, and it can be sent
    /// again.
    void refused(Upstream from, Request request) {
        books.lock.lock();
        try {
            if (!request.isAt(from, Request.Progress.SENT)) {
                return;
            }
            request.progress = Request.Progress.REFUSED;
            request.refusedAt = around.now();
            books.changed.signalAll();
            if (!books.watchesRefused) {
                books.watchesRefused = true;
                Thread.ofVirtual()
                        .name("gateway-refused")
                        .start(() -> session.guard(this::watchRefused));
            }
        } finally {
            books.lock.unlock();
        }
    }

    /// Refusals that no handover explains are passed on. Looked at several times in the time that
    /// they are kept, since each has its own.
    private void watchRefused() throws IOException, InterruptedException {
        boolean more = true;
        while (more && !session.isClosed()) {
            books.await(Duration.ofMillis(REFUSED_MS / 4), session::isClosed);
            more = tellRefused(around.now() - REFUSED_MS);
        }
    }

    /// Passes on what was refused that long ago.
    ///
    /// @return whether there is more
    private boolean tellRefused(long before) throws IOException {
        List<Frame> told = new ArrayList<>();
        books.lock.lock();
        try {
            List<Request> refused = books.requests.that(Request.Progress.REFUSED);
            for (Request request : refused) {
                String sid = books.subscriptions.sidOf(request.reply);
                if (books.phase == Books.Phase.FORWARDING && request.refusedAt <= before) {
                    books.requests.remove(request.reply);
                    told.add(Frames.noResponders(request.reply, sid == null ? "0" : sid));
                }
            }
            books.watchesRefused = refused.size() > told.size();
            for (Frame frame : told) {
                client.write(frame);
            }
        } finally {
            books.lock.unlock();
        }
        client.flush();
        return books.watchesRefused;
    }

    /// Counts a message that is about to be shown.
    ///
    /// @return false when its connection is none of this client's any more
    boolean delivers(Upstream from, Frame.Message message) {
        books.lock.lock();
        try {
            if (from != books.upstream || books.phase == Books.Phase.ENDED) {
                return false;
            }
            books.subscriptions.delivered(message.sid());
            return true;
        } finally {
            books.lock.unlock();
        }
    }

    void end() {
        books.lock.lock();
        try {
            books.phase = Books.Phase.ENDED;
            books.changed.signalAll();
        } finally {
            books.lock.unlock();
        }
        Upstream last = books.upstream;
        if (last != null) {
            last.close();
        }
    }
}
