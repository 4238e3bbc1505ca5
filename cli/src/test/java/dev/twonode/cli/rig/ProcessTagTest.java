package dev.twonode.cli.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTagTest {

    @TempDir Path folder;

    private ProcessTag sleeper() {
        return Spawner.start(List.of("sleep", "60"), folder.resolve("log"));
    }

    @Test
    void aRunningProcessIsFoundAgain() {
        ProcessTag process = sleeper();

        assertThat(process.isAlive()).isTrue();
        assertThat(ProcessTag.of(process.pid())).contains(process);
        Spawner.kill(process);
    }

    @Test
    void aKilledProcessIsGone() {
        ProcessTag process = sleeper();

        Spawner.kill(process);

        assertThat(process.isAlive()).isFalse();
        assertThat(ProcessTag.of(process.pid())).isEmpty();
    }

    @Test
    void anotherProcessWithTheSameIdIsNeitherTakenForItNorKilled() {
        ProcessTag process = sleeper();
        ProcessTag earlier = new ProcessTag(process.pid(), "another start");

        assertThat(earlier.isAlive()).isFalse();
        Spawner.kill(earlier);
        assertThat(process.isAlive()).isTrue();
        Spawner.kill(process);
    }

    @Test
    void aProcessThatIgnoresTheRequestIsKilled() {
        ProcessTag process =
                Spawner.start(
                        List.of("sh", "-c", "trap '' TERM; while :; do sleep 1; done"),
                        folder.resolve("log"));
        // The shell has to have set its trap.
        Waiting.rest(Duration.ofMillis(300));

        boolean byItself = Spawner.stop(process, Duration.ofMillis(200));

        assertThat(byItself).isFalse();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aSuspendedProcessIsAliveAndCanGoOn() {
        ProcessTag process = sleeper();

        Spawner.suspend(process);
        assertThat(process.isAlive()).isTrue();
        Spawner.resume(process);

        assertThat(Spawner.stop(process, Duration.ofSeconds(5))).isTrue();
    }
}
