package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.logging.HeardLog;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RapidHandoverIT {

    private static final int HANDOVERS = 20;

    @TempDir private Path folder;

    /// What a follower's copy does to its own fence has to be known when the lead comes back,
    /// though nothing was read in between. Nor need it have begun to copy by then.
    @Test
    void aLeadThatGoesToAndFroWithoutAPauseIsOpenedAtTheFirstTry() {
        try (HeardLog log = new HeardLog();
                TestPair pair = TestPair.inSync(folder)) {
            TestPair.Node leader = pair.a;
            for (int i = 1; i <= HANDOVERS; i++) {
                leader.put("x", String.valueOf(i));
                Optional<JsonNode> answer = leader.ask("stepdown", TestPair.PATIENTLY);
                assertThat(answer.map(it -> it.path("ok").asBoolean()))
                        .as("%s", answer)
                        .hasValue(true);
                leader = leader == pair.a ? pair.b : pair.a;
                leader.awaitRole("leader");
            }
            leader.awaitSequence(HANDOVERS);
            assertThat(log.messages()).noneMatch(line -> line.contains("the own stream cannot be"));
        }
    }
}
