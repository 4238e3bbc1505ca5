package dev.twonode.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.Credentials;
import dev.twonode.config.Secret;
import dev.twonode.config.ServerUrl;
import dev.twonode.config.TlsSettings;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Reply;
import dev.twonode.replication.StoreException;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way to prove who one is, against servers that demand it.
class NatsLinkSecurityIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    @Nested
    class WithCredentials {

        @Test
        void userAndPasswordAreAcceptedAndWrongOnesNamed() throws Exception {
            try (NatsServerProcess server =
                    demanding("authorization { user: ada, password: \"s3cret\" }")) {
                assertThat(dial(server, login("ada", "s3cret"))).isInstanceOf(Dialed.Reached.class);
                assertRefused(dial(server, login("ada", "wrong")));
                assertRefused(dial(server, new Credentials.None()));
            }
        }

        @Test
        void userAndPasswordInTheAddressAreAccepted() throws Exception {
            try (NatsServerProcess server =
                    demanding("authorization { user: ada, password: \"s3cret\" }")) {
                String url = "nats://ada:s3cret@127.0.0.1:" + server.port();
                assertThat(dial(url, new Credentials.None(), TlsSettings.UNSET))
                        .isInstanceOf(Dialed.Reached.class);
            }
        }

        @Test
        void tokenIsAcceptedAndAWrongOneNamed() throws Exception {
            try (NatsServerProcess server = demanding("authorization { token: \"t0ken\" }")) {
                assertThat(dial(server, new Credentials.Token(new Secret("t0ken"))))
                        .isInstanceOf(Dialed.Reached.class);
                assertRefused(dial(server, new Credentials.Token(new Secret("other"))));
            }
        }

        @Test
        void nkeyIsAcceptedAndAnotherOneNamed() throws Exception {
            NKey user = NKey.createUser(new SecureRandom());
            NKey other = NKey.createUser(new SecureRandom());
            String allowed = "authorization { users: [ { nkey: " + publicKey(user) + " } ] }";
            try (NatsServerProcess server = demanding(allowed)) {
                assertThat(dial(server, new Credentials.NkeyFile(seedFile("user.nk", user))))
                        .isInstanceOf(Dialed.Reached.class);
                assertRefused(dial(server, new Credentials.NkeyFile(seedFile("other.nk", other))));
            }
        }

        @Test
        void credentialsFileIsAccepted() throws Exception {
            NKey operator = NKey.createOperator(new SecureRandom());
            NKey account = NKey.createAccount(new SecureRandom());
            NKey user = NKey.createUser(new SecureRandom());
            String accountJwt = accountJwt(operator, account);
            String userJwt = JwtUtils.issueUserJWT(account, publicKey(account), publicKey(user));
            Path creds = folder.resolve("user.creds");
            Files.writeString(
                    creds, String.format(JwtUtils.NATS_USER_JWT_FORMAT, userJwt, seed(user)));
            String trusting =
                    "operator: "
                            + operatorJwt(operator)
                            + "\nresolver: MEMORY\nresolver_preload: { "
                            + publicKey(account)
                            + ": "
                            + accountJwt
                            + " }";
            try (NatsServerProcess server = demanding(trusting)) {
                assertThat(dial(server, new Credentials.CredsFile(creds)))
                        .isInstanceOf(Dialed.Reached.class);
                assertRefused(dial(server, new Credentials.None()));
            }
        }

        @Test
        void filesThatCannotBeReadAreNamed() throws Exception {
            Path empty = Files.createFile(folder.resolve("empty.nk"));
            try (NatsServerProcess server = NatsServerProcess.start()) {
                assertOwnFiles(dial(server, new Credentials.NkeyFile(empty)), "empty.nk");
                Path absent = folder.resolve("absent.creds");
                assertOwnFiles(dial(server, new Credentials.CredsFile(absent)), "absent.creds");
            }
        }
    }

    @Nested
    class WithPermissions {

        private NatsServerProcess.Settings allowing(String publish, String subscribe) {
            return NatsServerProcess.configure()
                    .withoutJetStream()
                    .extra(
                            "authorization { users: [ { user: ada, password: pw, permissions: {"
                                    + " publish: [%s], subscribe: [%s] } } ] }"
                                            .formatted(publish, subscribe));
        }

        @Test
        void whatIsRefusedIsToldAndAsksAgainUntilItIsGranted() throws Exception {
            NatsServerProcess.Settings all = allowing("\">\"", "\">\"");
            try (NatsServerProcess server = allowing("\">\"", "\"_INBOX.>\"").start();
                    NatsLink link = open(server)) {
                link.firstAttempt();
                link.subscribe("state", message -> message.respond(message.body()));
                Await.await("the refusal is told", BOUND, () -> !link.denials().isEmpty());
                assertThat(link.denials().getFirst().permission()).isEqualTo("state");

                server.reload(all);

                Await.await("the subject is heard", BOUND, () -> isAnswered(link));
            }
        }

        @Test
        void answersAreHeardOnceTheirInboxIsGranted() throws Exception {
            NatsServerProcess.Settings all = allowing("\">\"", "\">\"");
            try (NatsServerProcess server = allowing("\">\"", "state").start();
                    NatsLink link = open(server)) {
                link.firstAttempt();
                link.subscribe("state", message -> message.respond(message.body()));
                assertThat(isAnswered(link)).isFalse();
                assertThat(link.denials().getFirst().permission()).isEqualTo("_INBOX.>");

                server.reload(all);

                Await.await("an answer is heard", BOUND, () -> isAnswered(link));
            }
        }

        private static boolean isAnswered(NatsLink link) {
            return link.request("state", new byte[0], Duration.ofMillis(300))
                    instanceof Reply.Answer;
        }

        private static NatsLink open(NatsServerProcess server) {
            ConnectionSettings settings =
                    new ConnectionSettings(
                            List.of(ServerUrl.parse(server.url())),
                            login("ada", "pw"),
                            TlsSettings.UNSET,
                            "_INBOX",
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(5));
            return NatsLink.open(settings, "test", Duration.ofSeconds(5), _ -> {});
        }
    }

    @Nested
    class WithTls {

        @Test
        void serverWithAKnownAuthorityIsTrustedAndAnUnknownOneNamed() throws Exception {
            Certificates pem = new Certificates(folder);
            try (NatsServerProcess server = demanding(tls(pem, "server", ""))) {
                TlsSettings trusting = new TlsSettings(null, null, pem.file("ca.pem"), false);
                assertThat(dial(server.url(), new Credentials.None(), trusting))
                        .isInstanceOf(Dialed.Reached.class);
                assertTls(dial(server.url(), new Credentials.None(), TlsSettings.UNSET));
            }
        }

        @Test
        void certificateForAnotherHostIsRefused() throws Exception {
            Certificates pem = new Certificates(folder);
            try (NatsServerProcess server = demanding(tls(pem, "elsewhere", ""))) {
                TlsSettings trusting = new TlsSettings(null, null, pem.file("ca.pem"), false);
                assertTls(dial(server.url(), new Credentials.None(), trusting));
            }
        }

        @Test
        void ownCertificateIsShownWithEveryFormOfKey() throws Exception {
            Certificates pem = new Certificates(folder);
            String verifying = ", ca_file: \"" + pem.file("ca.pem") + "\", verify: true";
            try (NatsServerProcess server = demanding(tls(pem, "server", verifying))) {
                for (List<String> pair :
                        List.of(
                                List.of("client.pem", "client.key"),
                                List.of("client.pem", "client-rsa.key"),
                                List.of("client-ec.pem", "client-ec.key"))) {
                    TlsSettings own =
                            new TlsSettings(
                                    pem.file(pair.get(0)),
                                    pem.file(pair.get(1)),
                                    pem.file("ca.pem"),
                                    false);
                    assertThat(dial(server.url(), new Credentials.None(), own))
                            .as(pair.toString())
                            .isInstanceOf(Dialed.Reached.class);
                }
                TlsSettings without = new TlsSettings(null, null, pem.file("ca.pem"), false);
                assertThat(dial(server.url(), new Credentials.None(), without))
                        .isInstanceOf(Dialed.Unsuitable.class);
            }
        }

        @Test
        void everyDisagreementNamesItsRemedy() throws Exception {
            Certificates pem = new Certificates(folder);
            TlsSettings trusting = new TlsSettings(null, null, pem.file("ca.pem"), false);
            TlsSettings first = new TlsSettings(null, null, pem.file("ca.pem"), true);
            TlsSettings stranger =
                    new TlsSettings(
                            pem.file("stranger.pem"),
                            pem.file("stranger.key"),
                            pem.file("ca.pem"),
                            false);
            String verifying = ", ca_file: \"" + pem.file("ca.pem") + "\", verify: true";
            try (NatsServerProcess plain = demanding("");
                    NatsServerProcess secured = demanding(tls(pem, "server", ""));
                    NatsServerProcess other = demanding(tls(pem, "elsewhere", ""));
                    NatsServerProcess strict = demanding(tls(pem, "server", verifying))) {
                String tlsUrl = "tls://127.0.0.1:" + plain.port();
                assertRemedy(tlsUrl, TlsSettings.UNSET, "offers no TLS", "nats://");
                assertRemedy(plain.url(), trusting, "offers no TLS", "--tlsca");
                assertRemedy(plain.url(), first, "does not begin with TLS", "--tlsfirst");
                assertRemedy(secured.url(), first, "does not begin with TLS", "--tlsfirst");
                assertRemedy(secured.url(), TlsSettings.UNSET, "no trusted authority", "--tlsca");
                assertRemedy(other.url(), trusting, "does not name 127.0.0.1");
                assertRemedy(
                        strict.url(), trusting, "wants a certificate", "--tlscert", "--tlskey");
                Dialed silent = dial(strict.url(), new Credentials.None(), stranger);
                assertThat(((Dialed.Failed) silent).why())
                        .contains("refuses the certificate", "--tlscert");
            }
        }

        private void assertRemedy(String url, TlsSettings tls, String... words) throws Exception {
            Dialed outcome = dial(url, new Credentials.None(), tls);
            assertFault(outcome, Dialed.Fault.TLS);
            assertThat(((Dialed.Failed) outcome).why()).contains(words);
        }

        @Test
        void handshakeMayComeFirst() throws Exception {
            Certificates pem = new Certificates(folder);
            String first = ", handshake_first: true";
            try (NatsServerProcess server = demanding(tls(pem, "server", first))) {
                TlsSettings tlsFirst = new TlsSettings(null, null, pem.file("ca.pem"), true);
                assertThat(dial(server.url(), new Credentials.None(), tlsFirst))
                        .isInstanceOf(Dialed.Reached.class);
                TlsSettings usual = new TlsSettings(null, null, pem.file("ca.pem"), false);
                Dialed silent = dial(server.url(), new Credentials.None(), usual);
                assertThat(((Dialed.Failed) silent).why()).contains("--tlsfirst");
            }
        }
    }

    private static String tls(Certificates pem, String name, String more) {
        return "tls { cert_file: \""
                + pem.file(name + ".pem")
                + "\", key_file: \""
                + pem.file(name + ".key")
                + "\""
                + more
                + " }";
    }

    private static NatsServerProcess demanding(String lines) {
        return NatsServerProcess.configure().withoutJetStream().extra(lines).start();
    }

    private static Dialed dial(NatsServerProcess server, Credentials credentials)
            throws InterruptedException, StoreException {
        return dial(server.url(), credentials, TlsSettings.UNSET);
    }

    /// Dials as the client library does, and where that comes through as the copy does.
    private static Dialed dial(String url, Credentials credentials, TlsSettings tls)
            throws InterruptedException, StoreException {
        ConnectionSettings settings =
                new ConnectionSettings(
                        List.of(ServerUrl.parse(url)),
                        credentials,
                        tls,
                        "_INBOX",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5));
        try (NatsLink link = NatsLink.open(settings, "test", Duration.ofSeconds(5), _ -> {})) {
            Dialed outcome = link.firstAttempt();
            if (outcome instanceof Dialed.Reached) {
                assertCopyIsHeard(link);
            }
            return outcome;
        }
    }

    private static void assertCopyIsHeard(NatsLink link) throws StoreException {
        try (CopyLine line = link.lineBeside(link.current().orElseThrow(), BOUND)) {
            line.subscribe("copy", "1");
            assertThat(line.next(Duration.ofMillis(20))).isNull();
            line.publish("copy", null, new byte[0], new byte[100_000]);
            line.flush();
            assertThat(line.next(BOUND)).isNotNull();
        }
    }

    private static Credentials login(String user, String password) {
        return new Credentials.UserPassword(user, new Secret(password));
    }

    private static void assertRefused(Dialed outcome) {
        assertFault(outcome, Dialed.Fault.AUTHORIZATION);
    }

    private static void assertTls(Dialed outcome) {
        assertFault(outcome, Dialed.Fault.TLS);
    }

    private static void assertOwnFiles(Dialed outcome, String file) {
        assertFault(outcome, Dialed.Fault.OWN_FILES);
        assertThat(((Dialed.Unsuitable) outcome).why()).contains(file);
    }

    private static void assertFault(Dialed outcome, Dialed.Fault fault) {
        assertThat(outcome).isInstanceOf(Dialed.Unsuitable.class);
        assertThat(((Dialed.Unsuitable) outcome).fault()).as(outcome.toString()).isEqualTo(fault);
    }

    private Path seedFile(String name, NKey key) throws Exception {
        return Files.writeString(folder.resolve(name), "# a comment\n" + seed(key) + "\n");
    }

    private static String seed(NKey key) throws Exception {
        return new String(key.getSeed());
    }

    private static String publicKey(NKey key) throws Exception {
        return new String(key.getPublicKey());
    }

    private static String operatorJwt(NKey operator) throws Exception {
        String nats = "{\"type\":\"operator\",\"version\":2}";
        return jwt(operator, publicKey(operator), "operator", nats);
    }

    private static String accountJwt(NKey operator, NKey account) throws Exception {
        String nats =
                "{\"type\":\"account\",\"version\":2,\"limits\":{\"subs\":-1,\"data\":-1,"
                        + "\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
                        + "\"conn\":-1,\"leaf\":-1}}";
        return jwt(operator, publicKey(account), "account", nats);
    }

    /// A claim signed by an NKey, as `nsc` writes it.
    private static String jwt(NKey issuer, String subject, String name, String nats)
            throws Exception {
        String claim =
                "{\"iat\":"
                        + Instant.now().getEpochSecond()
                        + ",\"iss\":\""
                        + publicKey(issuer)
                        + "\",\"jti\":\""
                        + name
                        + "\",\"name\":\""
                        + name
                        + "\",\"sub\":\""
                        + subject
                        + "\",\"nats\":"
                        + nats
                        + "}";
        String signed =
                base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(UTF_8))
                        + "."
                        + base64(claim.getBytes(UTF_8));
        return signed + "." + base64(issuer.sign(signed.getBytes(UTF_8)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
