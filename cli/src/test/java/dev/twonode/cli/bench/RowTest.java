package dev.twonode.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.JsonPage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What a measured number is worth against its aim.
class RowTest {

    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoInTheMiddle() {
        assertThat(Row.median(new long[] {9, 1, 5})).isEqualTo(5);
        assertThat(Row.median(new long[] {9, 1, 5, 6})).isEqualTo(5.5);
        assertThat(Row.median(new long[] {7})).isEqualTo(7);
        assertThat(Row.median(new double[] {0.5, 0.25})).isEqualTo(0.375);
    }

    @Test
    void everyFieldOfTheJsonStandsInThePageAndTheOtherWayRound() throws IOException {
        Set<String> printed = new TreeSet<>(Set.of("schema"));
        new Row("handover", 17, "ms", 30, "")
                .json()
                .fieldNames()
                .forEachRemaining(field -> printed.add("rows[]." + field));

        assertThat(printed).isEqualTo(JsonPage.documented("bench"));
    }

    @Test
    void theWorstIsTheLongest() {
        assertThat(Row.worst(new long[] {3, 40, 12})).isEqualTo(40);
    }

    @Test
    void measuringDoesNotReorderTheTimes() {
        long[] times = {9, 1, 5};

        assertThat(Row.median(times)).isEqualTo(5);
        assertThat(times).containsExactly(9, 1, 5);
    }

    @Test
    void aTimeIsMetUpToItsAim() {
        assertThat(new Row("a", 150, "ms", 150, "").isMet()).isTrue();
        assertThat(new Row("a", 150.5, "ms", 150, "").isMet()).isFalse();
    }

    @Test
    void aRatioIsMetFromItsAimOn() {
        assertThat(new Row("a", 1, "x", 1, "").isMet()).isTrue();
        assertThat(new Row("a", 2.5, "x", 1, "").isMet()).isTrue();
        assertThat(new Row("a", 0.99, "x", 1, "").isMet()).isFalse();
    }

    @Test
    void aNumberWithoutAnAimIsNeverMissed() {
        Row row = Row.of("memory", 120.25, "MiB", "");

        assertThat(row.hasAim()).isFalse();
        assertThat(row.isMet()).isTrue();
        assertThat(row.aim()).isEmpty();
    }

    @Test
    void numbersAreShownWithTheirUnits() {
        assertThat(new Row("a", 12, "ms", 30, "").number()).isEqualTo("12 ms");
        assertThat(new Row("a", 12.25, "ms", 30, "").number()).isEqualTo("12.3 ms");
        assertThat(new Row("a", 1.239, "x", 1, "").number()).isEqualTo("1.24 x");
        assertThat(new Row("a", 1.239, "x", 1, "").aim()).isEqualTo(">= 1.00 x");
        assertThat(new Row("a", 3, "", 0, "").number()).isEqualTo("3");
        assertThat(new Row("a", 3, "", 0, "").aim()).isEqualTo("<= 0");
    }

    @Test
    void theJsonSaysTheAimAndWhetherItWasMet() {
        assertThat(new Row("a", 12, "ms", 30, "how").json().toString())
                .isEqualTo(
                        "{\"name\":\"a\",\"value\":12.0,\"unit\":\"ms\",\"aim\":30.0,"
                                + "\"met\":true,\"note\":\"how\"}");
        assertThat(Row.of("a", 12, "ms", "how").json().has("met")).isFalse();
    }

    @Test
    void theExitCodeTellsAMissedAimFromABrokenPromise() {
        Row met = new Row("handover: median", 12, "ms", 30, "");
        Row missed = new Row("handover: worst", 200, "ms", 150, "");
        Row kept = new Row("handover: lost", 0, "", 0, "");
        Row broken = new Row("handover: lost", 1, "", 0, "");

        assertThat(Bench.exitCode(List.of(met, kept))).isEqualTo(ExitCode.OK);
        assertThat(Bench.exitCode(List.of(met, missed, kept))).isEqualTo(ExitCode.FAILURE);
        assertThat(Bench.exitCode(List.of(met, missed, broken))).isEqualTo(ExitCode.DIVERGED);
    }
}
