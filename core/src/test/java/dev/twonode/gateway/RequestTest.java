package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.gateway.Request.Progress;
import dev.twonode.gateway.wire.Frames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A connection that a client has left may have said something that is dealt with only then.
class RequestTest {

    private final FakeServer server =
            new FakeServer(socket -> socket.getInputStream().readAllBytes());
    private final Upstream before = upstream();
    private final Upstream next = upstream();
    private final Request request =
            new Request(
                    Frames.publish("$KV.kine.x", "_INBOX.x", new byte[0]),
                    "_INBOX.x",
                    Purpose.GUARDED_WRITE,
                    before);

    RequestTest() throws IOException {}

    private Upstream upstream() throws IOException {
        return new Upstream(
                new ServerDial.Greeted(
                        new Socket(InetAddress.getLoopbackAddress(), server.port()),
                        "{\"server_id\":\"A\"}"));
    }

    @AfterEach
    void closeAll() {
        before.close();
        next.close();
        server.close();
    }

    @Test
    void whatTheServerOfBeforeStillSaysIsNoWordOfTheNextOne() {
        assertThat(request.isAt(before, Progress.SENT)).isTrue();

        request.moves(next, Progress.RESOLVING);

        assertThat(request.isAt(before, Progress.SENT)).isFalse();
        assertThat(request.isAt(before, Progress.RESOLVING)).as("an answer of before").isFalse();
        assertThat(request.isAt(next, Progress.RESOLVING)).isTrue();
    }

    @Test
    void aRefusalOfBeforeIsNoneOfWhatIsSentAgain() {
        request.moves(next, Progress.RESOLVING);
        request.moves(next, Progress.SENT);

        assertThat(request.isAt(before, Progress.SENT)).isFalse();
        assertThat(request.isAt(next, Progress.SENT)).isTrue();
    }
}
