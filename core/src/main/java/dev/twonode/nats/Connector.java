package dev.twonode.nats;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.Credentials;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Dialed.Fault;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.replication.ServerVersion;
import io.nats.client.AuthHandler;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ServerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Makes sessions: dials, checks what greeted, and only then starts the client library with this
/// link's settings.
final class Connector {

    private static final Log LOG = Log.of(Connector.class);
    private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PROBLEM_PATIENCE = Duration.ofMillis(250);
    private static final String SILENT_REFUSAL =
            " (so ends what a server does that refuses the certificate of --tlscert)";
    private static final int QUEUE_LIMIT = 20_000;
    private static final int PINGS_OUT = 2;
    private static final int PINGS_PER_TIMEOUT = 4;

    private final ConnectionSettings settings;
    private final String name;
    private final Duration peerTimeout;
    private final Threads threads;
    private final Dialer dialer;
    private final Consumer<Denial> denied;
    private final Door door;
    private final CopyDial copyDial;

    /// Where a link may lead.
    enum Door {
        /// To a server only: what is asked of a node must not be answered by the leader's.
        SERVER,
        /// Also to a gateway.
        ANY
    }

    /// @param denied told what a server does not let this login do
    /// @param door where it may lead
    Connector(
            ConnectionSettings settings,
            String name,
            Duration peerTimeout,
            Threads threads,
            Consumer<Denial> denied,
            Door door) {
        this.settings = settings;
        this.name = name;
        this.peerTimeout = peerTimeout;
        this.threads = threads;
        this.dialer = new Dialer(settings);
        this.denied = denied;
        this.door = door;
        this.copyDial = new CopyDial(settings, denied);
    }

    CopyDial copyDial() {
        return copyDial;
    }

    Dialer dialer() {
        return dialer;
    }

    /// Connects once; a server that stays silent for the peer time-out is given up.
    Session connect() throws DialException, InterruptedException {
        return connect(peerTimeout);
    }

    /// Connects once.
    ///
    /// @param silence how long the server may leave pings unanswered
    Session connect(Duration silence) throws DialException, InterruptedException {
        Greeting greeting = dialer.dialAny();
        ServerIdentity greeted = greeting.server();
        refuse(greeting);
        Optional<DialException> unsecured = TlsFaults.of(greeting, settings.tls());
        if (unsecured.isPresent()) {
            throw unsecured.get();
        }
        Listener listener =
                new Listener(
                        greeted.url(),
                        error ->
                                Denied.of(error, greeted.url(), settings.inboxPrefix())
                                        .ifPresent(denied));
        Options options = options(greeting, listener, silence);
        try {
            Connection connection = Nats.connect(options);
            return new Session(
                    connection, identity(greeted, connection.getServerInfo()), listener.end);
        } catch (AuthenticationException e) {
            throw failure(Fault.AUTHORIZATION, greeted.url() + " refused the credentials", e);
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw classified(greeting, listener, e);
        }
    }

    /// A server that greets may still be none to work with.
    private void refuse(Greeting greeting) throws DialException {
        ServerIdentity greeted = greeting.server();
        if (greeting.isOfGateway() && door == Door.SERVER) {
            throw new DialException(
                    new Dialed.Unsuitable(
                            Fault.GATEWAY,
                            greeted.url()
                                    + " is a gateway of twonode (--gateway), which leads to the"
                                    + " leader's server, whichever that is; name the NATS server's"
                                    + " own port, 4222 as a rule"));
        }
        if (!ServerVersion.parse(greeted.version()).isAtLeast(ServerVersion.OLDEST)) {
            throw new DialException(
                    new Dialed.Unsuitable(
                            Fault.TOO_OLD,
                            "nats-server "
                                    + greeted.version()
                                    + " at "
                                    + greeted.url()
                                    + " is older than "
                                    + ServerVersion.OLDEST
                                    + ", the first that keeps a replicated stream safely; upgrade"
                                    + " it"));
        }
    }

    private DialException classified(Greeting greeting, Listener listener, Exception e) {
        ServerIdentity greeted = greeting.server();
        String detail = listener.awaitProblem();
        Optional<String> said = listener.said().or(() -> dialer.refusal(greeted.url()));
        Optional<String> full = said.flatMap(it -> Crowded.of(it, greeted.url()));
        if (full.isPresent()) {
            return failure(Fault.FULL, full.get(), e);
        }
        String lower = said.orElse(detail).toLowerCase(Locale.ROOT);
        if (lower.contains("authorization") || lower.contains("authentication")) {
            return failure(Fault.AUTHORIZATION, greeted.url() + " refused the credentials", e);
        }
        SSLException tls = listener.tls.get();
        if (tls != null) {
            return TlsFaults.of(greeted.url(), settings.tls(), tls);
        }
        return failure(
                Fault.PROTOCOL,
                greeted.url()
                        + " greeted, but no connection came about: "
                        + said.orElse(detail)
                        + (greeting.wantsCertificate() ? SILENT_REFUSAL : ""),
                e);
    }

    private static DialException failure(Fault fault, String why, Exception cause) {
        return new DialException(new Dialed.Unsuitable(fault, why), cause);
    }

    private static ServerIdentity identity(ServerIdentity greeted, ServerInfo info) {
        String cluster = info.getCluster();
        return new ServerIdentity(
                info.getServerId(),
                info.getServerName(),
                info.getVersion(),
                greeted.url(),
                info.isJetStreamAvailable(),
                cluster == null ? "" : cluster,
                info.getMaxPayload());
    }

    private Options options(Greeting greeting, Listener listener, Duration silence)
            throws DialException {
        Options.Builder builder =
                new Options.Builder()
                        .server(address(greeting))
                        .connectionName(name)
                        .connectionTimeout(settings.connectTimeout())
                        // A session ends for good; the link itself dials again.
                        .maxReconnects(0)
                        .reconnectBufferSize(0)
                        .noRandomize()
                        .ignoreDiscoveredServers()
                        .pingInterval(silence.dividedBy(PINGS_PER_TIMEOUT))
                        .maxPingsOut(PINGS_OUT)
                        .reportNoResponders()
                        .inboxPrefix(settings.inboxPrefix())
                        .maxMessagesInOutgoingQueue(QUEUE_LIMIT)
                        .writeQueuePushTimeout(QUEUE_PATIENCE)
                        .connectionListener(listener)
                        .errorListener(listener)
                        .executor(threads.lasting())
                        .connectExecutor(threads.lasting())
                        .callbackExecutor(threads.virtual())
                        .scheduledExecutor(threads.timer())
                        .readerThreadFactory(threads.system())
                        .writerThreadFactory(threads.system());
        if (greeting.tlsRequired() || settings.tls().isDemanded() || isTls(greeting)) {
            builder.sslContext(PemTls.context(settings.tls()));
        }
        if (settings.tls().first()) {
            builder.tlsFirst();
        }
        authenticate(builder);
        return builder.build();
    }

    /// The address that answered, with what stands before its `@`.
    private String address(Greeting greeting) {
        return settings.servers().stream()
                .filter(url -> url.toString().equals(greeting.server().url()))
                .findFirst()
                .orElseThrow()
                .withSecret();
    }

    private static boolean isTls(Greeting greeting) {
        return greeting.server().url().startsWith("tls:");
    }

    private void authenticate(Options.Builder builder) throws DialException {
        switch (settings.credentials()) {
            case Credentials.None() -> {}
            case Credentials.UserPassword(var user, var password) ->
                    builder.userInfo(user.toCharArray(), password.value().toCharArray());
            case Credentials.Token(var token) -> builder.token(token.value().toCharArray());
            case Credentials.CredsFile(var file) -> builder.authHandler(credentials(file));
            case Credentials.NkeyFile(var file) ->
                    builder.authHandler(Nats.staticCredentials(null, seed(file)));
        }
    }

    private static AuthHandler credentials(Path file) throws DialException {
        try {
            return Nats.staticCredentials(Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable("the credentials file " + file, e);
        }
    }

    private static char[] seed(Path file) throws DialException {
        try {
            String seed =
                    Files.readString(file)
                            .lines()
                            .map(String::strip)
                            .filter(line -> line.startsWith("SU"))
                            .findFirst()
                            .orElseThrow(
                                    () -> new IOException("it holds no user seed ('SU' and more)"));
            return seed.toCharArray();
        } catch (IOException e) {
            throw unreadable("the NKey file " + file, e);
        }
    }

    private static DialException unreadable(String what, Exception e) {
        return new DialException(
                new Dialed.Unsuitable(Fault.OWN_FILES, what + " cannot be used: " + e.getMessage()),
                e);
    }

    /// Takes the place of the library's own listeners, which print.
    private static final class Listener implements ConnectionListener, ErrorListener {

        private final String url;
        private final Consumer<String> told;
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final AtomicReference<String> lastError = new AtomicReference<>("");
        private final AtomicReference<String> said = new AtomicReference<>("");
        private final AtomicReference<@Nullable SSLException> tls = new AtomicReference<>();
        private final CountDownLatch problem = new CountDownLatch(1);

        /// @param told told each error of the server
        Listener(String url, Consumer<String> told) {
            this.url = url;
            this.told = told;
        }

        /// What went wrong. The library tells its listener on another thread, often a little after
        /// the attempt has failed.
        String awaitProblem() {
            try {
                if (!problem.await(PROBLEM_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return "no reason was given";
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return lastError.get();
        }

        /// The first error in the server's own words, which say more than what followed from it.
        Optional<String> said() {
            return Optional.of(said.get()).filter(it -> !it.isEmpty());
        }

        @Override
        @Deprecated // the library still declares it abstract
        public void connectionEvent(Connection connection, Events type) {
            if (type == Events.DISCONNECTED || type == Events.CLOSED) {
                String error = lastError.get();
                end.complete(error.isEmpty() ? "the connection to " + url + " ended" : error);
            }
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            lastError.set(error);
            problem.countDown();
            said.compareAndSet("", error);
            told.accept(error);
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception exception) {
            if (exception instanceof SSLException failure) {
                tls.set(failure);
            } else if (exception.getCause() instanceof SSLException failure) {
                tls.set(failure);
            }
            String message = exception.getMessage();
            lastError.set(message == null ? exception.getClass().getSimpleName() : message);
            problem.countDown();
            LOG.debug(url + ": " + exception);
        }

        @Override
        public void slowConsumerDetected(Connection connection, io.nats.client.Consumer consumer) {
            LOG.warn(url + ": messages were dropped, too slow");
        }

        /// What is not sent since the connection ends is expected by whoever sends; that it ends is
        /// logged elsewhere.
        @Override
        public void messageDiscarded(Connection connection, Message message) {
            boolean ends = end.isDone() || connection.getStatus() != Connection.Status.CONNECTED;
            String subject = message.getSubject();
            String unsent =
                    url
                            + ": "
                            + (subject == null
                                    ? "a change of subscriptions"
                                    : "a message on " + subject)
                            + " was not sent: either more waits than this server takes in time, or"
                            + " its sender was stopped. The agent tries again where it matters; if"
                            + " this comes often, look how busy the machines are";
            if (ends) {
                LOG.debug(unsent);
            } else {
                LOG.warn(unsent);
            }
        }
    }
}
