package dev.twonode.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real processes that get real signals.
class StopSignalsIT {

    private @Nullable Process process;
    private BufferedReader output = new BufferedReader(Reader.nullReader());

    /// Stops as its first argument says: `well`, `never` or `badly`.
    static final class Service {

        private Service() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            Duration bound = Duration.ofMillis(Long.parseLong(arguments[1]));
            StopSignals.install(signal -> stop(arguments[0], signal, never), bound);
            System.out.println("running");
            never.await();
        }

        private static int stop(String how, String signal, CountDownLatch never) throws Exception {
            System.out.println("stopping for " + signal);
            switch (how) {
                case "never" -> never.await();
                case "badly" -> throw new IOException("no peer");
                default -> System.out.println("stopped");
            }
            return 0;
        }
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
    void firstSignalStopsInOrderWithExitCodeZero(String signal, int number) throws Exception {
        assumeNotIgnored(number);
        start("well", 60_000);
        send(signal);

        assertThat(output.readLine()).isEqualTo("stopping for " + signal);
        assertThat(output.readLine()).isEqualTo("stopped");
        assertThat(exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15, 143", "INT, 2, 130"})
    void secondSignalEndsItAtOnce(String signal, int number, int code) throws Exception {
        assumeNotIgnored(number);
        start("never", 60_000);
        send("TERM");
        assertThat(output.readLine()).isEqualTo("stopping for TERM");
        send(signal);

        assertThat(exitCode()).isEqualTo(code);
    }

    @Test
    void stopThatHangsEndsAtItsBound() throws Exception {
        start("never", 300);
        send("TERM");

        assertThat(exitCode()).isEqualTo(1);
    }

    @Test
    void stopThatFailsSaysSo() throws Exception {
        start("badly", 60_000);
        send("TERM");

        assertThat(exitCode()).isEqualTo(1);
        assertThat(running().errorReader().lines()).anyMatch(l -> l.contains("no peer"));
    }

    private void start(String how, long boundMillis) throws IOException {
        Process started =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Service.class.getName(),
                                how,
                                Long.toString(boundMillis))
                        .start();
        process = started;
        output = started.inputReader();
        assertThat(output.readLine()).isEqualTo("running");
    }

    private void send(String signal) throws Exception {
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(running().pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private Process running() {
        return Objects.requireNonNull(process, "started");
    }

    private int exitCode() throws InterruptedException {
        assertThat(running().waitFor(30, TimeUnit.SECONDS)).as("it ended").isTrue();
        return running().exitValue();
    }

    /// A job in the background inherits an ignored INT, and the processes of this test with it.
    private static void assumeNotIgnored(int number) throws IOException {
        String ignored =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> line.substring("SigIgn:".length()).strip())
                        .findFirst()
                        .orElse("0");
        long mask = Long.parseUnsignedLong(ignored, 16);
        assumeThat(mask & (1L << (number - 1))).as("signal %d is ignored", number).isZero();
    }
}
