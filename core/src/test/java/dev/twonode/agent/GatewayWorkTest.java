package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.ConfigException;
import dev.twonode.config.ConfigLoader;
import dev.twonode.config.Setting;
import dev.twonode.config.Surroundings;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Event;
import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the thread that decides has done by the gateway, which it must never wait for.
class GatewayWorkTest {

    private static final int MORE_THAN_FITS = 20_000;
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    private final Inbox inbox = new Inbox();

    private GatewayWork withoutGateway() throws ConfigException {
        Surroundings around =
                new Surroundings(Map.of(), folder, folder.resolve("none"), "a", false);
        Map<Setting, String> flags =
                Map.of(Setting.PEER_URL, "nats://other:4222", Setting.GATEWAY, "off");
        return GatewayWork.open(
                ConfigLoader.load(flags, around).config(),
                null,
                inbox,
                Clock.system(),
                (_, _) -> {});
    }

    /// It alone takes out what is in the inbox.
    @Test
    void aNodeWithoutGatewayDoesNotWaitForRoomInItsOwnInbox() throws Exception {
        Thread others =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            for (int i = 0; i < MORE_THAN_FITS; i++) {
                                inbox.post(new Event.StreamChanged(i));
                            }
                        });
        Await.await("the inbox is full", BOUND, () -> others.getState() == Thread.State.WAITING);
        try (GatewayWork gateway = withoutGateway()) {
            Thread deciding = Thread.ofPlatform().daemon().start(() -> gateway.hold(1));

            assertThat(deciding.join(BOUND)).isTrue();
        }
    }
}
