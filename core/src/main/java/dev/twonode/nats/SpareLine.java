package dev.twonode.nats;

import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A connection that is dialled ahead, for a copy that begins as soon as what comes before it is
/// done. Clients of a new leader wait meanwhile.
final class SpareLine {

    /// Nobody answers a server's pings on a line that waits.
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final LineDial dial;
    private @Nullable Spare spare;

    private record Spare(Session beside, CompletableFuture<CopyLine> line, long since) {

        boolean isFor(Session session) {
            return beside == session && System.nanoTime() - since < FRESH.toNanos();
        }

        void drop() {
            CompletableFuture<Void> _ = line.thenAccept(CopyLine::close);
        }
    }

    SpareLine(LineDial dial) {
        this.dial = dial;
    }

    /// Begins to dial, unless a line was prepared for this session a moment ago.
    synchronized void prepare(Session beside) {
        Spare before = spare;
        if (before != null && before.isFor(beside)) {
            return;
        }
        if (before != null) {
            before.drop();
        }
        CompletableFuture<CopyLine> line = new CompletableFuture<>();
        spare = new Spare(beside, line, System.nanoTime());
        Thread.ofVirtual().name("spare-line").start(() -> open(beside, line));
    }

    /// Whatever becomes of it is told, since somebody may wait for it.
    private void open(Session beside, CompletableFuture<CopyLine> line) {
        try {
            line.complete(dial.open(beside));
        } catch (Throwable e) {
            line.completeExceptionally(e);
        }
    }

    /// The line that was prepared for a session, or a new one.
    CopyLine take(Session beside) throws StoreException {
        Spare taken = takeOut();
        if (taken != null && taken.isFor(beside)) {
            try {
                return taken.line().get();
            } catch (ExecutionException e) {
                return dial.open(beside);
            } catch (InterruptedException e) {
                taken.drop();
                Thread.currentThread().interrupt();
                throw new StoreException(Kind.UNKNOWN, "interrupted while connecting", e);
            }
        }
        if (taken != null) {
            taken.drop();
        }
        return dial.open(beside);
    }

    private synchronized @Nullable Spare takeOut() {
        Spare taken = spare;
        spare = null;
        return taken;
    }
}
