package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Brings what one server says to one client, in order, each message as soon as it may be shown
/// (rules C2, C4). What waits is kept in a [Backlog], so that the server's answers are seen when
/// they come.
final class Delivery implements Runnable {

    /// A server says this before it closes a connection for its own reasons, which is no business
    /// of the client's: it is brought to another one.
    private static final List<String> OF_SERVER =
            List.of("server shutdown", "stale connection", "slow consumer");

    /// After this it closes the connection because of the client.
    private static final List<String> OF_CLIENT =
            List.of(
                    "authorization",
                    "authentication",
                    "maximum connections",
                    "maximum account",
                    "maximum payload",
                    "maximum control line",
                    "parser error",
                    "unknown protocol",
                    "secure connection");

    /// A write that its login may not make gets no other answer.
    private static final String NOT_ALLOWED = "permissions violation for publish";

    private final Session session;
    private final Surroundings around;
    private final Upstream upstream;
    private final Link client;
    private final Traffic traffic;
    private final Sequences sequences;
    private final Resolution resolution;
    private final Backlog backlog = new Backlog();
    private boolean showing;

    private Delivery(Session session, Upstream upstream) {
        this.session = session;
        this.around = session.around();
        this.upstream = upstream;
        this.client = session.client();
        this.traffic = session.traffic();
        this.sequences = new Sequences(around.bucket());
        this.resolution = new Resolution(around.bucket());
    }

    /// Begins to bring what this server says.
    static void start(Session session, Upstream upstream) {
        session.around().start("gateway-delivery", new Delivery(session, upstream));
    }

    @Override
    public void run() {
        try {
            session.guard(this::deliverAll);
        } finally {
            upstream.close();
            backlog.end();
            traffic.lost(upstream);
        }
    }

    private void deliverAll() throws IOException, InterruptedException {
        Frame frame = next();
        while (frame != null && take(frame)) {
            if (!upstream.link().reader().hasBuffered()) {
                client.flush();
            }
            frame = next();
        }
        backlog.drain();
        client.flush();
    }

    /// The server's next frame, null when there is none any more.
    private @Nullable Frame next() {
        try {
            return upstream.link().next();
        } catch (FrameException e) {
            around.trouble("server " + e.fault(), "a server was cut off: " + e.getMessage());
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /// Deals with one frame.
    ///
    /// @return whether to go on
    private boolean take(Frame frame) throws IOException, InterruptedException {
        switch (frame) {
            case Frame.Message message -> {
                return deliver(message);
            }
            case Frame.Pong _ -> {
                return (!upstream.isReady() || backlog.isEmpty())
                        ? show(new Backlog.Waiting(frame, null, Sequences.NONE, false))
                        : postpone(new Backlog.Waiting(frame, null, Sequences.NONE, false));
            }
            case Frame.Ping _ -> upstream.link().send(Frame.Pong.PONG);
            case Frame.Failure failure -> {
                return pass(failure);
            }
            case Frame.Info _, Frame.Ok _ -> {}
            case Frame.Connect _, Frame.Publish _, Frame.Subscribe _, Frame.Unsubscribe _ -> {
                around.trouble("server's words", "a server was cut off: it spoke like a client");
                return false;
            }
        }
        return true;
    }

    private boolean deliver(Frame.Message message) throws IOException, InterruptedException {
        Request request = traffic.requestOf(message);
        boolean nobody = message.payloadLength() == 0 && message.status() == 503;
        if (request != null && request.purpose.isWrite()) {
            upstream.underWay().answered();
            if (request.isAt(upstream, Request.Progress.SENT)) {
                if (nobody) {
                    around.refusals().answered();
                    traffic.refused(upstream, request);
                    return true;
                }
                around.refusals().look(upstream, message);
            }
        }
        Purpose purpose = request == null ? null : request.purpose;
        long sequence = sequences.of(message, purpose);
        boolean certain = Sequences.isOfServer(message, purpose);
        Backlog.Waiting found = new Backlog.Waiting(message, request, sequence, certain);
        return (backlog.isEmpty() && around.board().shows(upstream, sequence))
                ? show(found)
                : postpone(found);
    }

    /// Leaves it to a thread of its own to wait, and goes on reading.
    private boolean postpone(Backlog.Waiting frame) throws IOException, InterruptedException {
        client.flush();
        if (!showing) {
            showing = true;
            upstream.underWay().bound();
            around.start("gateway-showing", this::showWaiting);
        }
        return backlog.add(frame);
    }

    private void showWaiting() {
        try {
            session.guard(this::showAll);
        } finally {
            backlog.end();
            upstream.close();
        }
    }

    private void showAll() throws IOException, InterruptedException {
        Backlog.Waiting first = backlog.first();
        while (first != null && showFirst(first)) {
            first = backlog.first();
        }
    }

    private boolean showFirst(Backlog.Waiting frame) throws IOException, InterruptedException {
        if (frame.frame() instanceof Frame.Message
                && !around.board().shows(upstream, frame.sequence())) {
            client.flush();
            if (!around.board().awaitShown(upstream, frame.sequence(), frame.certain())) {
                return false;
            }
        }
        if (!show(frame)) {
            return false;
        }
        if (backlog.isLast()) {
            client.flush();
        }
        backlog.removeFirst();
        return true;
    }

    private boolean show(Backlog.Waiting frame) throws IOException {
        if (!(frame.frame() instanceof Frame.Message message)) {
            traffic.ponged(upstream);
            return true;
        }
        Request request = frame.request();
        if (request != null && request.isAt(upstream, Request.Progress.RESOLVING)) {
            return resolve(request, message);
        }
        if (!traffic.delivers(upstream, message)) {
            return false;
        }
        client.write(message);
        if (request != null) {
            session.books().answered(request.reply);
        }
        return true;
    }

    /// The new leader's stream says what came of a write.
    private boolean resolve(Request request, Frame.Message found) throws IOException {
        switch (resolution.outcome(request, found)) {
            case Resolution.Outcome.Stored(byte[] body) ->
                    session.books().answer(request.reply, body);
            case Resolution.Outcome.NotStored _ -> traffic.again(upstream, request);
            case Resolution.Outcome.Unknown(byte[] body) ->
                    session.books().answer(request.reply, body);
        }
        return true;
    }

    private boolean pass(Frame.Failure failure) throws IOException {
        String text = failure.text().toLowerCase(Locale.ROOT);
        if (OF_SERVER.stream().anyMatch(text::contains)) {
            return true;
        }
        if (text.contains(NOT_ALLOWED)) {
            around.refusals().forget(upstream);
        }
        client.send(failure);
        if (OF_CLIENT.stream().anyMatch(text::contains)) {
            session.close();
            return false;
        }
        return true;
    }
}
