package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpareLineIT {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final byte[] NONE = {};

    private final StoreFixture fixture = new StoreFixture();
    private final NatsLink link = fixture.link();
    private final AtomicInteger dials = new AtomicInteger();
    private final List<CopyLine> opened = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean stuck;
    private volatile boolean failing;
    private volatile boolean defective;
    private final SpareLine lines = new SpareLine(this::dial);

    private CopyLine dial(Session beside) throws StoreException {
        dials.incrementAndGet();
        if (stuck) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (defective) {
            throw new LinkageError("a class is missing");
        }
        if (failing) {
            throw new StoreException(Kind.UNREACHABLE, "no more connections");
        }
        CopyLine line = link.lineBeside(beside, BOUND);
        opened.add(line);
        return line;
    }

    @AfterEach
    void closeAll() {
        goOn.countDown();
        fixture.close();
    }

    private Session session() {
        return link.current().orElseThrow();
    }

    private static boolean works(CopyLine line) {
        try {
            line.subscribe("a", "1");
            line.publish("a", null, NONE, NONE);
            line.flush();
            return line.next(BOUND) != null;
        } catch (StoreException e) {
            return false;
        }
    }

    @Test
    void aLineThatWasPreparedIsDialledOnce() throws Exception {
        lines.prepare(session());

        CopyLine line = lines.take(session());

        assertThat(works(line)).isTrue();
        assertThat(dials).hasValue(1);
        assertThat(works(lines.take(session()))).as("the next one").isTrue();
        assertThat(dials).hasValue(2);
    }

    @Test
    void aLineThatIsPreparedTwiceIsDialledOnce() throws Exception {
        lines.prepare(session());
        lines.prepare(session());

        assertThat(works(lines.take(session()))).isTrue();
        assertThat(dials).hasValue(1);
    }

    @Test
    void aLineThatIsPreparedForAnotherSessionEndsTheOneBefore() throws Exception {
        lines.prepare(session());
        Await.await("it is there", BOUND, () -> opened.size() == 1);
        try (Session other = link.connectBeside(session())) {
            lines.prepare(other);

            assertThat(works(opened.getFirst())).isFalse();
            assertThat(works(lines.take(other))).isTrue();
        }
    }

    @Test
    void aLineBesideAnotherSessionIsNotTaken() throws Exception {
        lines.prepare(session());
        Await.await("it is there", BOUND, () -> opened.size() == 1);
        try (Session other = link.connectBeside(session())) {
            assertThat(works(lines.take(other))).isTrue();
        }
        assertThat(works(opened.getFirst())).isFalse();
        assertThat(dials).hasValue(2);
    }

    @Test
    void whatFailedAheadIsTriedAgain() throws Exception {
        failing = true;
        lines.prepare(session());
        Await.await("it was tried", BOUND, () -> dials.get() == 1);
        assertThatThrownBy(() -> lines.take(session())).hasMessage("no more connections");
        failing = false;

        assertThat(works(lines.take(session()))).isTrue();
    }

    @Test
    void whatFailedAheadByADefectIsTriedAgainToo() throws Exception {
        defective = true;
        lines.prepare(session());
        Await.await("it was tried", BOUND, () -> dials.get() == 1);
        defective = false;

        assertThat(works(lines.take(session()))).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitAndTheLine() throws Exception {
        stuck = true;
        lines.prepare(session());
        AtomicReference<@Nullable Exception> end = new AtomicReference<>();
        Thread waiting =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                lines.take(session());
                            } catch (StoreException e) {
                                end.set(e);
                            }
                        });
        waiting.interrupt();
        assertThat(waiting.join(BOUND)).isTrue();
        assertThat(end.get()).hasMessage("interrupted while connecting");

        goOn.countDown();
        Await.await("the line is there", BOUND, () -> opened.size() == 1);
        Await.await("it is closed", BOUND, () -> !works(opened.getFirst()));
    }
}
