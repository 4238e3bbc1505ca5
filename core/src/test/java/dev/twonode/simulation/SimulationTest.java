package dev.twonode.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole nodes on a virtual clock, with everything that can go wrong drawn from a seed.
///
/// `-Dsimulation.seeds=5000` runs more seeds than the build does, `-Dsimulation.first=1000` others;
/// `-Dsimulation.seed=17` plays one again and writes down all of it.
final class SimulationTest {

    private static final Path KNOWN = Path.of("src/test/resources/simulation/regression-seeds.txt");
    private static final int IN_THE_BUILD = 300;
    private static final int AT_ONCE = 2;
    private static final int FAILURES_TOLD = 3;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    @Test
    void whateverGoesWrongNothingCommittedIsLostAndThePairComesTogether() throws Exception {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            replay(one);
            return;
        }
        long first = Long.getLong("simulation.first", 1);
        int count = Integer.getInteger("simulation.seeds", IN_THE_BUILD);
        runAll(LongStream.range(first, first + count).boxed().toList());
    }

    @Test
    void everySeedThatOnceFoundADefectStaysGreen() throws Exception {
        runAll(
                Files.readAllLines(KNOWN).stream()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .map(Long::valueOf)
                        .toList());
    }

    @Test
    void aSeedPlayedTwiceIsTheSame() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(run(seed, "again")).isEqualTo(run(seed, "once"));
        }
    }

    private void replay(long seed) throws IOException {
        Simulation simulation = new Simulation(seed, folderOf("replay", seed)).traced();
        try {
            simulation.run();
        } finally {
            simulation.trace().forEach(System.out::println);
        }
    }

    private void runAll(List<Long> seeds) throws Exception {
        List<Future<Optional<String>>> runs = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        try (ExecutorService pool =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            seeds.forEach(seed -> runs.add(pool.submit(() -> failureOf(seed))));
            for (Future<Optional<String>> run : runs) {
                run.get().ifPresent(failures::add);
            }
        }
        assertThat(failures.stream().limit(FAILURES_TOLD).toList())
                .as("%d of %d seeds failed", failures.size(), seeds.size())
                .isEmpty();
    }

    private Optional<String> failureOf(long seed) throws IOException {
        try {
            run(seed, "run");
            return Optional.empty();
        } catch (AssertionError failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    private Simulation.Outcome run(long seed, String name) throws IOException {
        return new Simulation(seed, folderOf(name, seed)).run();
    }

    private Path folderOf(String name, long seed) throws IOException {
        return Files.createDirectories(folder.resolve(name + "-" + seed));
    }
}
