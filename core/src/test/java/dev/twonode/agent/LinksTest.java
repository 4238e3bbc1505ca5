package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Denial.Verb;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final Denial API_OF_A =
            new Denial("nats://a:4222", Verb.PUBLISH, "$JS.API.INFO", "$JS.API.>");
    private static final Denial STATE_OF_A =
            new Denial("nats://a:4222", Verb.SUBSCRIBE, "state", "state");
    private static final Denial API_OF_B =
            new Denial("nats://b:4222", Verb.PUBLISH, "$JS.API.INFO", "$JS.API.>");

    @Test
    void ofEachServerItIsSaidWhatIsMissingThere() {
        assertThat(missing(API_OF_A, STATE_OF_A, API_OF_B))
                .isEqualTo(
                        API_OF_A.problem()
                                + ". "
                                + API_OF_A.instruction()
                                + " "
                                + STATE_OF_A.instruction()
                                + " "
                                + API_OF_B.problem()
                                + ". "
                                + API_OF_B.instruction());
    }

    @Test
    void whereNothingIsRefusedNothingIsMissing() {
        assertThat(missing()).isEmpty();
    }

    private static String missing(Denial... denials) {
        return new Links(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Arrays.asList(denials))
                .missing();
    }
}
