package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.testing.NatsServerProcess;
import io.nats.client.AuthHandler;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Logins pass through to the server, and are said again at the next one where that is possible.
@SuppressWarnings("try") // closing a client is never interrupted here
class LoginIT {

    private static final String PASSWORD =
            "authorization { users: [ { user: kine, password: secret } ] }";

    @Test
    void passwordIsCheckedByTheServerAndSaidAgainAtTheNextOne() throws Exception {
        try (NatsServerProcess a = NatsServerProcess.configure().extra(PASSWORD).start();
                NatsServerProcess b = NatsServerProcess.configure().extra(PASSWORD).start();
                GatewayRig rig = new GatewayRig(Duration.ofSeconds(5))) {
            Login good = options -> options.userInfo("kine", "secret");
            Login bad = options -> options.userInfo("kine", "guess");
            lead(rig, a, b, good);

            assertThatThrownBy(() -> connect(rig.url(), bad))
                    .isInstanceOf(AuthenticationException.class);
            assertServedAfterAMove(rig, a, b, good);
        }
    }

    @Test
    void clientThatSignsComesBackByItself() throws Exception {
        NKey key = NKey.createUser(null);
        String users =
                "authorization { users: [ { nkey: " + new String(key.getPublicKey()) + " } ] }";
        try (NatsServerProcess a = NatsServerProcess.configure().extra(users).start();
                NatsServerProcess b = NatsServerProcess.configure().extra(users).start();
                GatewayRig rig = new GatewayRig(Duration.ofSeconds(5))) {
            Login signing = options -> options.authHandler(new Signer(key));
            lead(rig, a, b, signing);

            assertServedAfterAMove(rig, a, b, signing);
        }
    }

    private static void lead(GatewayRig rig, NatsServerProcess a, NatsServerProcess b, Login login)
            throws Exception {
        rig.servers(a.port(), b.port());
        rig.ownLeads(id(a, login), 0);
    }

    private static void assertServedAfterAMove(
            GatewayRig rig, NatsServerProcess a, NatsServerProcess b, Login login)
            throws Exception {
        try (Connection client = connect(rig.url(), login);
                Connection service = connect(b.url(), login)) {
            service.createDispatcher(m -> service.publish(m.getReplyTo(), m.getData()))
                    .subscribe("echo");
            service.flush(Duration.ofSeconds(2));
            a.kill();
            rig.peerLeads(id(b, login), 0);

            Message echo =
                    client.request(
                            "echo",
                            "hello".getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(5));
            assertThat(echo).isNotNull();
        }
    }

    private static String id(NatsServerProcess server, Login login) throws Exception {
        try (Connection nats = connect(server.url(), login)) {
            return nats.getServerInfo().getServerId();
        }
    }

    private static Connection connect(String url, Login login)
            throws IOException, InterruptedException {
        return Nats.connect(
                login.on(Options.builder().server(url))
                        .maxReconnects(-1)
                        .reconnectWait(Duration.ofMillis(20))
                        .build());
    }

    /// What a client proves itself by.
    @FunctionalInterface
    private interface Login {
        Options.Builder on(Options.Builder options);
    }

    private record Signer(NKey key) implements AuthHandler {

        @Override
        public byte @Nullable [] sign(byte[] nonce) {
            try {
                return key.sign(nonce);
            } catch (GeneralSecurityException | IOException e) {
                return null;
            }
        }

        @Override
        public char @Nullable [] getID() {
            try {
                return key.getPublicKey();
            } catch (GeneralSecurityException | IOException e) {
                return null;
            }
        }

        @Override
        public char @Nullable [] getJWT() {
            return null;
        }
    }
}
