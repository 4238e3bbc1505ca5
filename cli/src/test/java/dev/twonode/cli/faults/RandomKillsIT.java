package dev.twonode.cli.faults;

import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments. `-Dtwonode.kills.rounds=N` plays more rounds,
/// `-Dtwonode.kills.seed=N` the same ones again, as far as real processes do the same again.
class RandomKillsIT {

    private static final int ROUNDS = Integer.getInteger("twonode.kills.rounds", 5);

    @TempDir private Path folder;

    private final long seed =
            Long.getLong("twonode.kills.seed", System.nanoTime() & Integer.MAX_VALUE);
    private final SplittableRandom random = new SplittableRandom(seed);

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private FaultPair pair;

    /// What the pair is doing when the kill comes.
    private enum Work {
        REPLICATION,
        RESYNC,
        PROMOTION,
        FENCED_FROM_THE_OTHER_NODE,
        HANDOVER
    }

    @Test
    void whateverIsKilledWheneverThePairBecomesWhole() {
        try (FaultPair started = new FaultPair(folder)) {
            pair = started;
            pair.start();
            for (int round = 0; round < ROUNDS; round++) {
                Work work = Work.values()[round % Work.values().length];
                play(round, work);
            }
        }
    }

    private void play(int round, Work work) {
        pair.recover();
        String what = "seed %d, round %d, kill during %s".formatted(seed, round, work);
        System.out.println(what);
        try {
            switch (work) {
                case REPLICATION -> killSomethingWithin(500);
                case RESYNC -> resync();
                case PROMOTION -> {
                    pair.leader().kill();
                    killSomethingWithin(1_800);
                }
                case FENCED_FROM_THE_OTHER_NODE -> {
                    pair.leader().killAgent();
                    killSomethingWithin(2_500);
                }
                case HANDOVER -> handOver();
            }
            pair.a.startAll();
            pair.b.startAll();
            pair.assertHealed(what);
        } catch (AssertionError e) {
            throw new AssertionError(what + "\n" + e.getMessage() + "\n" + pair.situation(), e);
        }
    }

    private void resync() {
        Machine follower = pair.follower();
        follower.kill();
        follower.wipeStore();
        if (random.nextBoolean()) {
            follower.wipeState();
        }
        follower.startAll();
        killSomethingWithin(2_500);
    }

    private void handOver() {
        Machine leader = pair.leader();
        Thread asking = Thread.ofVirtual().start(() -> pair.request(leader, "stepdown", ""));
        killSomethingWithin(80);
        asking.interrupt();
    }

    /// Kills a server, an agent or both, of either node, at a random moment from now.
    private void killSomethingWithin(int millis) {
        Machine victim = random.nextBoolean() ? pair.a : pair.b;
        int which = random.nextInt(3);
        pass(Duration.ofMillis(random.nextInt(millis)));
        if (which != 1) {
            victim.killServer();
        }
        if (which != 0) {
            victim.killAgent();
        }
    }

    private static void pass(Duration time) {
        Await.holdsFor("time passes", time, () -> true);
    }
}
