package dev.twonode.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Operators read reasons in the log, in `status` and in `history`.
class ReasonTest {

    @ParameterizedTest
    @EnumSource
    void nobodyHasToKnowTheProtocolToReadIt(Reason reason) {
        assertThat(reason.words())
                .doesNotContainPattern(
                        "barrier|grant|position|promotion|sole"
                                + " right|(?<!=)designated|number|[A-Z]");
    }
}
