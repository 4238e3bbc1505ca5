package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RapidHandoverIT {

    private static final int HANDOVERS = 20;

    @TempDir private Path folder;

    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final Handler listener =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    if (line.getMessage().contains("the own stream cannot be")) {
                        refusals.add(line.getMessage());
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(listener);
    }

    /// What a follower's copy does to its own fence has to be known when the lead comes back,
    /// though nothing was read in between.
    @Test
    void aLeadThatGoesToAndFroWithoutAPauseIsOpenedAtTheFirstTry() {
        try (TestPair pair = TestPair.inSync(folder)) {
            TestPair.Node leader = pair.a;
            for (int i = 1; i <= HANDOVERS; i++) {
                leader.put("x", String.valueOf(i));
                pair.handOver();
                leader = leader == pair.a ? pair.b : pair.a;
                leader.awaitRole("leader");
            }
            leader.awaitSequence(HANDOVERS);
        }
        assertThat(refusals).isEmpty();
    }
}
