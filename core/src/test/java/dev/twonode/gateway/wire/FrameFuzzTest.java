package dev.twonode.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random sessions, cut at random and damaged at random. A failing seed is in the test's name;
/// `-Dseed=N` starts elsewhere.
class FrameFuzzTest {

    private static final int SEEDS = 300;
    private static final int MAX_LINE = 1_000;

    static List<Long> seeds() {
        long first = Long.getLong("seed", 1);
        List<Long> seeds = new ArrayList<>();
        for (long seed = first; seed < first + SEEDS; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) throws IOException {
        RandomGenerator random = random(seed);
        List<byte[]> sent = session(random);
        FrameReader reader = new FrameReader(new Pieces(join(sent), random), MAX_LINE);

        for (byte[] frame : sent) {
            Frame read = Objects.requireNonNull(reader.next());
            assertThat(new String(read.bytes(), StandardCharsets.ISO_8859_1))
                    .isEqualToIgnoringCase(new String(frame, StandardCharsets.ISO_8859_1));
        }
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damageIsRefusedOrReadButNeverAnythingElse(long seed) throws IOException {
        RandomGenerator random = random(seed);
        byte[] bytes = join(session(random));
        for (int damage = 0; damage < 20; damage++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        FrameReader reader = new FrameReader(new Pieces(bytes, random), MAX_LINE);
        reader.limitPayload(10_000);
        int total = 0;

        try {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                total += frame.bytes().length;
            }
        } catch (FrameException refused) {
            assertThat(refused.fault()).isNotNull();
        }
        assertThat(total).isLessThanOrEqualTo(bytes.length);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static List<byte[]> session(RandomGenerator random) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            frames.add(frame(random));
        }
        return frames;
    }

    private static byte[] frame(RandomGenerator random) throws IOException {
        String subject = "s." + random.nextInt(1_000);
        String reply = random.nextBoolean() ? " r." + random.nextInt(1_000) : "";
        return switch (random.nextInt(8)) {
            case 0 -> line("PING");
            case 1 -> line("SUB " + subject + " " + random.nextInt(99));
            case 2 -> line("UNSUB " + random.nextInt(99) + " " + random.nextInt(9));
            case 3 -> line("-ERR 'no'");
            case 4 -> payload("pub " + subject + reply, 0, random);
            case 5 -> payload("HPUB " + subject + reply, 12, random);
            case 6 -> payload("MSG " + subject + " 7" + reply, 0, random);
            default -> payload("HMSG " + subject + " 7" + reply, 12, random);
        };
    }

    private static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] payload(String start, int headers, RandomGenerator random)
            throws IOException {
        byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 200)];
        random.nextBytes(body);
        int total = headers + body.length;
        String sizes = headers == 0 ? " " + total : " " + headers + " " + total;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(line(start + sizes));
        if (headers > 0) {
            bytes.write(line("NATS/1.0\r\n"));
        }
        bytes.write(body);
        bytes.write(line(""));
        return bytes.toByteArray();
    }

    private static byte[] join(List<byte[]> frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            bytes.write(frame);
        }
        return bytes.toByteArray();
    }

    /// Gives what it has in pieces of random size.
    private static final class Pieces extends ByteArrayInputStream {
        private final RandomGenerator random;

        Pieces(byte[] bytes, RandomGenerator random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] into, int from, int length) {
            int most = random.nextInt(4) == 0 ? length : Math.min(length, 1 + random.nextInt(30));
            return super.read(into, from, most);
        }
    }
}
