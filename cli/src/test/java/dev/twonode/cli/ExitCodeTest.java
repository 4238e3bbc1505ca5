package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void numbersAreAnInterfaceAndStay() {
        assertThat(Arrays.stream(ExitCode.values()).map(c -> c.number() + " " + c.kind()))
                .containsExactly(
                        "0 ok",
                        "1 failure",
                        "2 usage",
                        "3 refused",
                        "4 wrong-role",
                        "5 unreachable",
                        "6 outcome-unknown",
                        "7 degraded",
                        "8 diverged",
                        "77 not-authorised",
                        "78 configuration",
                        "130 interrupted",
                        "137 killed",
                        "143 terminated");
    }

    @Test
    void tableHoldsEveryCodeInOrder() {
        assertThat(ExitCode.table().keySet())
                .containsExactlyElementsOf(
                        Arrays.stream(ExitCode.values()).map(c -> "" + c.number()).toList());
    }
}
