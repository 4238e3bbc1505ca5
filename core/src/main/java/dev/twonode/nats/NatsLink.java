package dev.twonode.nats;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.replication.StoreException;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection to one server that comes back by itself until it is closed. Construction never
/// fails because of the server: it dials in the background and tells its listener.
///
/// A connection that ends is dialled again at once, and then five to ten times a second; something
/// that answers but cannot be used is tried once a second. A server that dies while it is dialled
/// breaks off its greeting; that it is gone is to be found out soon, and so is room at one that is
/// full.
public final class NatsLink implements Messaging {

    private static final long RETRY_MILLIS = 100;
    private static final long UNSUITABLE_RETRY_MILLIS = 1000;
    private static final long RENEWAL_SECONDS = 5;
    private static final Duration BUSY_SILENCE = Duration.ofMinutes(5);

    private final Connector connector;
    private final Threads threads;
    private final Consumer<LinkEvent> listener;
    private final Denials denials = new Denials(System::nanoTime);
    private final Subscriptions subscriptions = new Subscriptions();
    private final DirectSubscriptions direct;
    private final CompletableFuture<Dialed> firstAttempt = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Thread dialling;
    private volatile @Nullable Session session;

    private NatsLink(
            ConnectionSettings settings,
            String name,
            Duration peerTimeout,
            Consumer<LinkEvent> listener,
            Connector.Door door) {
        this.threads = new Threads(name);
        this.connector = new Connector(settings, name, peerTimeout, threads, this::denied, door);
        this.direct =
                new DirectSubscriptions(
                        up -> connector.copyDial().open(up, settings.requestTimeout()),
                        threads.system());
        this.listener = listener;
        this.dialling = threads.system().newThread(this::keepConnected);
    }

    /// Begins to connect.
    ///
    /// @param settings where to and as whom
    /// @param name what the server lists the connection as
    /// @param peerTimeout a server that stays silent this long is given up
    /// @param listener told what happens, on a thread of the link's own; it must not block long,
    ///   since a lost connection is dialled again only after it returned
    public static NatsLink open(
            ConnectionSettings settings,
            String name,
            Duration peerTimeout,
            Consumer<LinkEvent> listener) {
        return open(new NatsLink(settings, name, peerTimeout, listener, Connector.Door.SERVER));
    }

    /// The same for what may go through a gateway of twonode too. Nothing else may: what is asked
    /// of a node must not be answered by the leader's.
    public static NatsLink openAnywhere(
            ConnectionSettings settings,
            String name,
            Duration peerTimeout,
            Consumer<LinkEvent> listener) {
        return open(new NatsLink(settings, name, peerTimeout, listener, Connector.Door.ANY));
    }

    private static NatsLink open(NatsLink link) {
        link.dialling.start();
        return link;
    }

    /// Waits for the outcome of the first attempt to connect, for callers that want to try only
    /// once and close.
    public Dialed firstAttempt() throws InterruptedException {
        try {
            return firstAttempt.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the first attempt ended without an outcome", e);
        }
    }

    @Override
    public Optional<ServerIdentity> server() {
        return current().map(Session::server);
    }

    @Override
    public boolean publish(String subject, byte[] body) {
        Optional<Session> up = current();
        return up.isPresent() && Sending.publish(up.get().connection(), subject, body);
    }

    @Override
    public Reply request(String subject, byte[] body, Duration timeout) {
        Optional<Session> up = current();
        return up.isEmpty()
                ? new Reply.NotSent("there is no connection")
                : request(up.get(), subject, body, timeout);
    }

    /// The same for callers that want to ask only once: it ends as soon as the server says that
    /// this login may not ask, or not hear the answer.
    public Reply requestOnce(String subject, byte[] body, Duration timeout) {
        CompletableFuture<Denial> denied = denials.next(subject);
        CompletableFuture<Reply> reply =
                CompletableFuture.supplyAsync(
                        () -> request(subject, body, timeout), threads.virtual());
        Reply first =
                reply.applyToEither(
                                denied.thenApply(
                                        denial -> (Reply) new Reply.Unanswered(denial.problem())),
                                it -> it)
                        .join();
        denied.cancel(false);
        return first;
    }

    @Override
    public List<Denial> denials() {
        return denials.current();
    }

    private void denied(Denial denial) {
        denials.heard(denial);
        Session refused = session;
        if (denial.verb() == Denial.Verb.PUBLISH || refused == null) {
            return;
        }
        try {
            ScheduledFuture<?> _ =
                    threads.timer()
                            .schedule(
                                    () -> renew(refused, denial),
                                    RENEWAL_SECONDS,
                                    TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            return; // the link was closed
        }
    }

    /// A server never says that it allows now what it refused, so a subscription is tried again.
    /// The inbox for all answers is the client library's own, and comes anew with another
    /// connection only.
    private void renew(Session refused, Denial denial) {
        if (denial.answers()) {
            close(refused);
        } else {
            subscriptions.renew(refused, denial.subject());
        }
    }

    @Override
    public Subscription subscribe(String subject, Consumer<Incoming> handler) {
        return subscriptions.add(subject, handler);
    }

    @Override
    public Subscription subscribeDirectly(String subject, Consumer<Incoming> handler) {
        return direct.add(subject, handler);
    }

    @Override
    public Dialed redial() {
        try {
            return new Dialed.Reached(connector.dialer().dialAny().server());
        } catch (DialException e) {
            return e.outcome();
        }
    }

    @Override
    public void close() {
        closed.complete(null);
        dialling.interrupt();
        try {
            dialling.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
    }

    /// The session that is up, if any.
    Optional<Session> current() {
        Session up = session;
        return up == null || up.isOver() ? Optional.empty() : Optional.of(up);
    }

    /// Connects a second time, for work in which the server leaves pings unanswered while it is
    /// busy. The new session ends with the one given, which notices a dead server in time.
    Session connectBeside(Session watched) throws DialException, InterruptedException {
        Session beside = connector.connect(BUSY_SILENCE);
        beside.endWith(watched);
        return beside;
    }

    /// Connects once more for the copy, which speaks the protocol by itself.
    CopyLine lineBeside(Session watched, Duration patience) throws StoreException {
        return connector.copyDial().open(watched, patience);
    }

    /// Sends a request on one particular session.
    static Reply request(Session on, String subject, byte[] body, Duration timeout) {
        return ask(on, subject, body, timeout).get();
    }

    /// Sends a request now, and waits for what becomes of it when asked to.
    static Supplier<Reply> ask(Session on, String subject, byte[] body, Duration timeout) {
        try {
            CompletableFuture<Message> answer =
                    on.connection().requestWithTimeout(subject, body, timeout);
            return () -> await(on, answer, timeout);
        } catch (IllegalStateException
                | IllegalArgumentException
                | RejectedExecutionException e) { // the last one when the link was closed just now
            return () -> new Reply.NotSent(String.valueOf(e.getMessage()));
        }
    }

    private static Reply await(Session on, CompletableFuture<Message> answer, Duration timeout) {
        try {
            Message message = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply.Answer(message.getData());
        } catch (ExecutionException e) {
            return e.getCause() instanceof JetStreamStatusException
                    ? new Reply.NoResponders()
                    : new Reply.Unanswered(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Reply.Unanswered("no answer within " + timeout.toMillis() + " ms");
        } catch (CancellationException e) {
            // The library cancels what is open when the connection ends or the time is up.
            return new Reply.Unanswered(
                    on.isOver()
                            ? "the connection ended before the answer"
                            : "no answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel(true);
            return new Reply.Unanswered("interrupted while waiting for the answer");
        }
    }

    private void keepConnected() {
        try {
            while (!closed.isDone()) {
                connectOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            firstAttempt.complete(new Dialed.Unreachable("the link was closed"));
        }
    }

    private void connectOnce() throws InterruptedException {
        Session up;
        try {
            up = connector.connect();
        } catch (DialException e) {
            failed(e.outcome());
            return;
        }
        try {
            run(up);
        } finally {
            session = null;
            subscriptions.detach();
            direct.detach();
            close(up);
        }
        if (!closed.isDone()) {
            String why = up.end().getNow("the connection ended");
            listener.accept(new LinkEvent.Disconnected(up.server(), why));
        }
    }

    /// Ends a session. The library waits up to some seconds for the threads of a connection that
    /// broke; whether the server is still there has to be found out meanwhile.
    private void close(Session over) {
        if (closed.isDone()) {
            over.close();
        } else {
            threads.virtual().execute(over::close);
        }
    }

    private void failed(Dialed.Failed outcome) throws InterruptedException {
        firstAttempt.complete(outcome);
        listener.accept(new LinkEvent.DialFailed(outcome));
        pause(isLasting(outcome) ? UNSUITABLE_RETRY_MILLIS : RETRY_MILLIS);
    }

    private static boolean isLasting(Dialed.Failed outcome) {
        return outcome instanceof Dialed.Unsuitable unsuitable
                && unsuitable.fault() != Dialed.Fault.FULL
                && unsuitable.fault() != Dialed.Fault.PROTOCOL;
    }

    /// A server that did not take every subscription would leave this link deaf without a word. It
    /// has said so before the answer to the ping that went behind them.
    private static Optional<Dialed.Unsuitable> crowded(Session up) {
        String said = up.connection().getLastError();
        return Optional.ofNullable(said)
                .flatMap(it -> Crowded.of(it, up.server().url()))
                .map(why -> new Dialed.Unsuitable(Dialed.Fault.FULL, why));
    }

    private void run(Session up) throws InterruptedException {
        denials.forget();
        subscriptions.attach(up);
        direct.attach(up);
        Optional<Dialed.Unsuitable> crowded = crowded(up);
        if (crowded.isPresent()) {
            failed(crowded.get());
            return;
        }
        session = up;
        firstAttempt.complete(new Dialed.Reached(up.server()));
        listener.accept(new LinkEvent.Connected(up.server()));
        try {
            CompletableFuture.anyOf(up.end(), closed).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session's end is never a failure", e);
        }
    }

    /// Waits the given time and up to as much again, so that two nodes do not dial in step.
    private void pause(long millis) throws InterruptedException {
        try {
            closed.get(
                    millis + ThreadLocalRandom.current().nextLong(millis), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // the usual end of the pause
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing is never a failure", e);
        }
    }
}
