package dev.twonode.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.gateway.wire.FrameException.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final String SESSION =
            """
            INFO {"server_id":"S"}
            CONNECT {"verbose":false}
            PING
            pong
            SUB a.* 1
            sub a.> workers 2
            UNSUB 1
            unsub 2 5
            PUB a.b 5
            hello
            Pub a.b reply 0

            HPUB a.b reply 20 22
            NATS/1.0
            X: one

            hi
            MSG a.b 1 5
            P
            UB
            MSG a.b 1 reply 2
            ok
            HMSG a.b 1 16 16
            NATS/1.0 503


            hmsg\ta.b  1 reply 20 22
            NATS/1.0
            X: one

            hi
            +OK
            -ERR 'Permissions Violation'
            """
                    .replace("\n", "\r\n");

    @Test
    void everyFrameKeepsItsBytes() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Frame frame : frames(stream(SESSION))) {
            text.append(new String(frame.bytes(), StandardCharsets.ISO_8859_1));
        }

        assertThat(text.toString()).isEqualTo(SESSION.replace("pong", "PONG"));
    }

    @Test
    void everyFrameIsReadTheSameWhereverItIsCut() throws IOException {
        List<String> whole = shapes(stream(SESSION));

        for (int part = 1; part < SESSION.length(); part++) {
            assertThat(shapes(new Cut(bytes(SESSION), part))).as("cut at " + part).isEqualTo(whole);
        }
    }

    @Test
    void whoStopsWaitingForAFrameHasLostNothing() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket near = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket far = listening.accept()) {
            near.setSoTimeout(5);
            FrameReader reader = new FrameReader(near.getInputStream(), FrameReader.SERVER_LINE);

            assertThat(reader.await()).isFalse();
            far.getOutputStream().write(bytes("MSG a 1 2\r\nok\r\n"));
            near.setSoTimeout(5_000);
            assertThat(reader.await()).isTrue();
            assertThat(reader.next()).isInstanceOf(Frame.Message.class);
            assertThat(reader.hasBuffered()).isFalse();
            near.setSoTimeout(5);
            assertThat(reader.await()).isFalse();
            far.shutdownOutput();
            near.setSoTimeout(5_000);
            assertThat(reader.await()).isTrue();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void whatIsWrittenWithHeadersIsReadTheSame() throws IOException {
        byte[] headers = bytes("NATS/1.0\r\nA: b\r\n\r\n");
        for (byte[] block : List.of(headers, new byte[0])) {
            for (String reply : Arrays.asList("r", null)) {
                Frame.Publish sent = Frames.publish("a.b", reply, block, bytes("hello"));
                List<Frame> read =
                        frames(stream(new String(sent.bytes(), StandardCharsets.ISO_8859_1)));

                assertThat(read).hasSize(1);
                assertThat(read.getFirst())
                        .isInstanceOfSatisfying(
                                Frame.Publish.class,
                                frame -> {
                                    assertThat(frame.subject()).isEqualTo("a.b");
                                    assertThat(frame.reply()).isEqualTo(reply);
                                    assertThat(frame.headerBlock()).isEqualTo(block);
                                    assertThat(frame.text()).isEqualTo("hello");
                                    assertThat(frame.headersAt()).isEqualTo(sent.headersAt());
                                });
            }
        }
    }

    @Test
    void whatAFrameSaysIsFound() throws IOException {
        List<Frame> frames = frames(stream(SESSION));

        assertThat(((Frame.Info) frames.get(0)).json()).isEqualTo("{\"server_id\":\"S\"}");
        assertThat(((Frame.Connect) frames.get(1)).json()).isEqualTo("{\"verbose\":false}");
        assertThat(frames.get(5))
                .isInstanceOfSatisfying(
                        Frame.Subscribe.class,
                        sub -> {
                            assertThat(sub.subject()).isEqualTo("a.>");
                            assertThat(sub.queue()).isEqualTo("workers");
                            assertThat(sub.sid()).isEqualTo("2");
                        });
        assertThat(((Frame.Unsubscribe) frames.get(7)).max()).isEqualTo(5);
        Frame.Publish publish = (Frame.Publish) frames.get(10);
        assertThat(publish.subject()).isEqualTo("a.b");
        assertThat(publish.reply()).isEqualTo("reply");
        assertThat(publish.header("X")).isEqualTo("one");
        assertThat(publish.text()).isEqualTo("hi");
        Frame.Message message = (Frame.Message) frames.get(13);
        assertThat(message.status()).isEqualTo(503);
        assertThat(message.payloadLength()).isZero();
        assertThat(((Frame.Failure) frames.get(16)).text()).isEqualTo("Permissions Violation");
    }

    @Test
    void endOfTheStreamBetweenFramesIsOrderly() throws IOException {
        FrameReader reader = new FrameReader(stream("PING\r\n"), 100);

        assertThat(reader.next()).isInstanceOf(Frame.Ping.class);
        assertThat(reader.next()).isNull();
    }

    @Test
    void payloadLargerThanEveryBufferIsRead() throws IOException {
        String body = "x".repeat(1_000_000);
        FrameReader reader =
                new FrameReader(new Cut(bytes("PUB a 1000000\r\n" + body + "\r\nPING\r\n"), 7), 99);

        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        Frame.Publish.class, publish -> assertThat(publish.text()).isEqualTo(body));
        assertThat(reader.next()).isInstanceOf(Frame.Ping.class);
    }

    @Nested
    class Refused {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "HELO you|UNKNOWN_OPERATION",
                    "GET / HTTP/1.1|UNKNOWN_OPERATION",
                    "|MALFORMED",
                    "SUB a|MALFORMED",
                    "SUB a b c d|MALFORMED",
                    "UNSUB|MALFORMED",
                    "UNSUB 1 many|MALFORMED",
                    "PUB a|MALFORMED",
                    "PUB a five|MALFORMED",
                    "PUB a -1|MALFORMED",
                    "HPUB a 9 3|MALFORMED",
                    "MSG a 1|MALFORMED",
                    "PUB a 99999999999999999999|PAYLOAD_TOO_LONG",
                    "PUB a 101|PAYLOAD_TOO_LONG"
                })
        void lineThatIsNoFrameEndsTheConnection(@Nullable String line, Fault fault) {
            FrameReader reader = new FrameReader(stream((line == null ? "" : line) + "\r\n"), 500);
            reader.limitPayload(100);

            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            FrameException.class,
                            e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
        }

        @Test
        void greetingOfTlsIsNoFrame() {
            byte[] hello = {0x16, 3, 1, 0, (byte) 0xf4, 1, 0, 0, (byte) 0xf0, 3, 3, '\n'};
            FrameReader reader = new FrameReader(new ByteArrayInputStream(hello), 500);

            assertThatThrownBy(reader::next)
                    .hasMessageContaining("Unknown Protocol Operation: '????");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PUB a 3\r\nfour\r\n", "PUB a 4\r\nabc\r\nPING\r\n"})
        void payloadOfAnotherLengthThanAnnouncedEndsTheConnection(String text) {
            FrameReader reader = new FrameReader(stream(text), 500);

            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            FrameException.class,
                            e -> assertThat(e.fault()).isEqualTo(Fault.MALFORMED));
        }

        @ParameterizedTest
        @ValueSource(strings = {"PIN", "PUB a 4\r\n", "PUB a 4\r\nabcd\r"})
        void endWithinAFrameIsNotOrderly(String text) {
            FrameReader reader = new FrameReader(stream(text), 500);

            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            FrameException.class,
                            e -> assertThat(e.fault()).isEqualTo(Fault.CUT_OFF));
        }

        @Test
        void endlessLineIsGivenUpBeforeItFillsTheMemory() {
            Endless endless = new Endless();
            FrameReader reader = new FrameReader(endless, FrameReader.CLIENT_LINE);

            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            FrameException.class,
                            e -> assertThat(e.fault()).isEqualTo(Fault.LINE_TOO_LONG));
            assertThat(endless.read).isLessThan(4L * FrameReader.CLIENT_LINE);
        }

        @Test
        void announcedPayloadTakesNoMemoryBeforeItArrives() {
            FrameReader reader = new FrameReader(stream("PUB a 2000000000\r\nabc"), 500);

            assertThatThrownBy(reader::next).hasMessageContaining("within a payload");
        }
    }

    private static List<Frame> frames(InputStream in) throws IOException {
        FrameReader reader = new FrameReader(in, FrameReader.SERVER_LINE);
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(frame);
        }
        return frames;
    }

    private static List<String> shapes(InputStream in) throws IOException {
        return frames(in).stream().map(FrameReaderTest::shape).toList();
    }

    private static String shape(Frame frame) {
        String text = new String(frame.bytes(), StandardCharsets.ISO_8859_1);
        return frame instanceof Frame.Content content
                ? text + content.headersAt() + " " + content.payloadAt() + content.reply()
                : text;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Gives so many bytes at a time.
    private static final class Cut extends ByteArrayInputStream {
        private final int part;

        Cut(byte[] bytes, int part) {
            super(bytes);
            this.part = part;
        }

        @Override
        public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(part, length));
        }
    }

    private static final class Endless extends InputStream {
        private long read;

        @Override
        public int read() {
            read++;
            return 'P';
        }

        @Override
        public int read(byte[] into, int from, int length) {
            java.util.Arrays.fill(into, from, from + length, (byte) 'P');
            read += length;
            return length;
        }
    }
}
