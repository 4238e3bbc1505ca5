package dev.twonode.node;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Journal;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The journal and the folder's lock under real processes that are killed.
class JournalFileIT {

    private static final NodeName A = new NodeName("a");
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int ROUNDS = 12;

    @TempDir Path temp;

    /// Writes journals with rising numbers without end and says each number once it is durable.
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            StateFolder folder = StateFolder.open(Path.of(arguments[0]));
            JournalFile file = new JournalFile(folder, A, "kine");
            Journal journal = file.read();
            for (long i = journal.highestTerm() + 1; ; i++) {
                journal = journal(i);
                file.write(journal);
                System.out.println(i);
            }
        }
    }

    /// The longer the history, the more there is to tear.
    private static Journal journal(long number) {
        List<Term> terms = new ArrayList<>();
        for (long i = 1; i <= number % 400; i++) {
            terms.add(new Term(i, A, i * 10));
        }
        return Journal.blank(A).withHighestTerm(number).withHistory(new TermHistory(terms));
    }

    @Test
    void killedWriterLeavesTheOldContentOrTheNew() throws Exception {
        Path state = temp.resolve("state");
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        long before = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Process writer = start(state);
            int lines = 1 + random.nextInt(150);
            long said = killAfter(writer, lines);
            Journal left = JournalFile.inspect(state).orElseThrow();

            assertThat(left.highestTerm()).isBetween(said, said + 1).isGreaterThan(before);
            assertThat(left).isEqualTo(journal(left.highestTerm()));
            before = left.highestTerm();
        }
    }

    @Test
    void secondAgentIsRefusedWithTheFirstOnesPidUntilThatIsKilled() throws Exception {
        Path state = temp.resolve("state");
        Process first = start(state);
        await("the first agent writes", BOUND, () -> JournalFile.inspect(state).isPresent());

        Process second = start(state);
        assertThat(second.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(errors(second)))
                .contains("in use by another agent, process " + first.pid() + " since ");

        first.destroyForcibly().waitFor();
        StateFolder.open(state).close();
    }

    private Process start(Path state) throws IOException {
        Path errors = Files.createTempFile(temp, "writer", ".err");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                state.toString())
                        .redirectError(errors.toFile())
                        .start();
        Files.createSymbolicLink(errors(process), errors);
        return process;
    }

    private Path errors(Process process) {
        return temp.resolve(process.pid() + ".err");
    }

    /// Kills the writer once it has said so many numbers; the highest that it said before it died.
    private static long killAfter(Process writer, int lines) throws Exception {
        long said = 0;
        int seen = 0;
        try (BufferedReader output = writer.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said = Long.parseLong(line);
                seen++;
                if (seen == lines) {
                    // By its handle, because the process object would close the stream too.
                    writer.toHandle().destroyForcibly();
                }
            }
        }
        writer.waitFor();
        assertThat(seen).isGreaterThanOrEqualTo(lines);
        return said;
    }
}
