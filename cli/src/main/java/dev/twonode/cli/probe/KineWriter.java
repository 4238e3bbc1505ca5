package dev.twonode.cli.probe;

import dev.twonode.cli.probe.KineClient.Outcome;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes one value after the other through a kine, and notes what it answered. When that kine
/// ends, it goes on with the next one, as an API server does that was given all addresses.
public final class KineWriter {

    /// How many keys take turns.
    public static final int KEYS = 100;

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final List<Integer> ports;
    private final KineLog log;
    private final Duration interval;
    private final @Nullable Long[] revisions = new Long[KEYS];
    private int present;
    private long number;

    /// @param ports where the kines listen
    /// @param log where to note what was answered
    /// @param first number of the first write
    /// @param interval from one answer to the next write
    public KineWriter(List<Integer> ports, KineLog log, long first, Duration interval) {
        this.ports = List.copyOf(ports);
        this.log = log;
        this.number = first;
        this.interval = interval;
    }

    /// The name of a key.
    public static String key(int index) {
        return "/registry/twonode/kine/key-%02d".formatted(index);
    }

    /// The number of the write that a value came with.
    public static long number(String value) {
        return Long.parseLong(value.substring(value.lastIndexOf(' ') + 1));
    }

    /// Writes until it is interrupted.
    public void run() throws InterruptedException {
        while (true) {
            if (NodeProcesses.takes(port())) {
                writeAsLongAsItLives();
            } else {
                next();
            }
        }
    }

    private int port() {
        return ports.get(present);
    }

    private void next() {
        present = (present + 1) % ports.size();
        Waiting.rest(LOOK);
    }

    private void writeAsLongAsItLives() throws InterruptedException {
        try (KineClient opened = new KineClient(port(), DEADLINE)) {
            boolean lives = true;
            while (lives) {
                int key = (int) (number % KEYS);
                lives = learn(opened, key) && write(opened, key);
                Waiting.rest(interval);
            }
        }
        log.gone(port());
    }

    /// @return whether this kine can be asked further
    private boolean write(KineClient opened, int key) throws InterruptedException {
        Long before = revisions[key];
        if (before == null) {
            return true;
        }
        long sent = System.nanoTime();
        return switch (opened.write(key(key), "write " + number, before)) {
            case Outcome.Done(long revision) -> {
                log.accepted(number, key, revision, sent, System.nanoTime());
                revisions[key] = revision;
                number++;
                yield true;
            }
            case Outcome.Conflict _ -> {
                revisions[key] = null;
                yield true;
            }
            case Outcome.Unknown _ -> {
                revisions[key] = null;
                // What its kine was asked when it ended, nobody can answer. A process that ends
                // closes its connections first and its port last, so it is asked once more.
                boolean lives = learn(opened, key);
                if (lives) {
                    log.failed(number);
                }
                number++;
                yield lives;
            }
        };
    }

    private boolean learn(KineClient opened, int key) throws InterruptedException {
        if (revisions[key] != null) {
            return true;
        }
        try {
            Optional<KineClient.Entry> now = opened.read(key(key));
            revisions[key] = now.map(KineClient.Entry::revision).orElse(0L);
            return true;
        } catch (IOException e) {
            return NodeProcesses.takes(port());
        }
    }
}
