package dev.twonode.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, a.c, false",
        "a.b, a.b.c, false",
        "a.b.c, a.b, false",
        "a.*, a.b, true",
        "a.*, a.b.c, false",
        "*.b, a.b, true",
        "a.>, a.b.c, true",
        "a.>, a, false",
        ">, a, true",
        "_INBOX.x.*, _INBOX.x.1, true",
        "_INBOX.x.*, _INBOX.xy.1, false"
    })
    void patternStandsForItsSubjects(String pattern, String subject, boolean matches) {
        assertThat(Patterns.matches(pattern, subject)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        ">, $KV.kine.>, true",
        "$KV.>, $KV.kine.>, true",
        "$KV.*.>, $KV.kine.>, true",
        "*.kine.a, $KV.kine.>, true",
        "$KV.kine.a.b, $KV.kine.>, true",
        "$KV.kine, $KV.kine.>, false",
        "$KV.other.>, $KV.kine.>, false",
        "*.*, $KV.kine.>, false",
        "*, $KV.kine.>, false",
        "_INBOX.>, $KV.kine.>, false"
    })
    void overlapMeansThatOneSubjectMatchesBoth(String one, String other, boolean overlap) {
        assertThat(Patterns.overlap(one, other)).isEqualTo(overlap);
        assertThat(Patterns.overlap(other, one)).isEqualTo(overlap);
    }
}
