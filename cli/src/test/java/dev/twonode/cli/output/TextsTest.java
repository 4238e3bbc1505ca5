package dev.twonode.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void spansAreReadByPeople() {
        assertThat(Texts.span(Duration.ofMillis(120))).isEqualTo("120 ms");
        assertThat(Texts.span(Duration.ofMillis(1_540))).isEqualTo("1.5 s");
        assertThat(Texts.span(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(Texts.span(Duration.ofMinutes(190))).isEqualTo("3 h 10 min");
        assertThat(Texts.span(Duration.ofHours(98))).isEqualTo("4 d 2 h");
    }

    @Test
    void bytesAreCountedInPowersOfTwo() {
        assertThat(Texts.bytes(512)).isEqualTo("512 B");
        assertThat(Texts.bytes(12_345)).isEqualTo("12.1 KiB");
        assertThat(Texts.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @Test
    void wideAndCombiningCharactersTakeTheirColumns() {
        assertThat(Texts.width("日本")).isEqualTo(4);
        assertThat(Texts.width("e\u0301")).isEqualTo(1);
        assertThat(Texts.cut("日本語", 4, false)).isEqualTo("日… ");
    }

    @Test
    void controlCharactersOfOthersDoNotReachTheTerminal() {
        assertThat(Texts.printable("a\u001b[2Jb\n")).isEqualTo("a [2Jb ");
    }
}
