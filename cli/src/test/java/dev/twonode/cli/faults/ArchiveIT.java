package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent does for the first time in its life, perhaps months after its start, it does as
/// quickly as later: the archive of classes has all of its own that this takes.
class ArchiveIT {

    private static final String ARCHIVED = "shared objects file";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FaultPair pair;

    @BeforeEach
    void start() {
        pair = new FaultPair(folder);
        pair.a.useBy(List.of("env", "TWONODE_JAVA_OPTS=-Xlog:class+load:file=" + loadedBy("a")));
        pair.b.useBy(List.of("env", "TWONODE_JAVA_OPTS=-Xlog:class+load:file=" + loadedBy("b")));
        pair.start();
        pair.recover();
    }

    @AfterEach
    void end() {
        pair.close();
    }

    @Test
    void theFirstHandoverAndTheFirstFailoverMakeNoLambdas() throws IOException {
        assertThat(pair.twonode("stepdown", "--yes", "-s", pair.a.server().url()).awaitExit())
                .isZero();
        pair.awaitLeads(pair.b);
        pair.awaitWhole();
        pair.b.kill();
        pair.awaitLeads(pair.a);

        for (String node : List.of("a", "b")) {
            List<String> loaded = Files.readAllLines(loadedBy(node));
            assertThat(loaded)
                    .filteredOn(line -> line.contains("dev.twonode.node.CopyWork$$Lambda"))
                    .isNotEmpty();
            assertThat(loaded)
                    .filteredOn(line -> isMadeForACall(line) && !line.contains(ARCHIVED))
                    .isEmpty();
        }
    }

    private static boolean isMadeForACall(String line) {
        boolean own = line.contains("dev.twonode.") || line.contains("io.nats.");
        return (own && line.contains("$$Lambda"))
                || line.contains("java.lang.String$$StringConcat");
    }

    private Path loadedBy(String node) {
        return folder.resolve("classes-" + node);
    }
}
