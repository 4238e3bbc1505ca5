package dev.twonode.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Completion in a real, interactive zsh on a terminal of its own: a line is typed, then TAB, and
/// what appears is read.
class ZshTest {

    /// The zsh inside prints END once it is back at its prompt; the quotes keep the typed line from
    /// looking like the printed one.
    private static final String TYPE =
            """
            zmodload zsh/zpty
            zpty inner zsh -f -i
            tell() { zpty -w inner "$1" }
            tell 'PROMPT= RPROMPT= LISTMAX=0; stty cols 200 rows 100; unsetopt zle_bracketed_paste'
            tell "fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -d $2/dump"
            tell 'setopt no_always_last_prompt no_beep; print REA""DY'
            zpty -r inner line '*READY*'
            zpty -w -n inner "$3"$'\\t\\t'
            zpty -w inner $'\\C-u'
            tell 'print EN""D'
            zpty -r inner line '*END*'
            print -r -- "$line"
            zpty -d inner
            """;

    @TempDir private Path folder;

    @Test
    void commandsAreOfferedWithTheirMeaning() {
        assertThat(typed("twonode st"))
                .contains("status", "-- Shows both nodes", "stepdown")
                .doesNotContain("report");
    }

    @Test
    void optionsAreOfferedWithTheirMeaning() {
        assertThat(typed("twonode stepdown --"))
                .contains("--yes", "--server", "do not ask")
                .doesNotContain("--watch");
    }

    @Test
    void aliasesHaveTheSameOptions() {
        assertThat(typed("twonode sd --wait")).contains("--wait-timeout");
    }

    @Test
    void valuesOfAClosedSetAreOfferedAlsoBehindAnEqualsSign() {
        assertThat(typed("twonode status -o ")).contains("table", "json", "yaml", "tsv");
        assertThat(typed("twonode status --color=")).contains("always", "never");
    }

    @Test
    void commandsBelowCommandsAreOffered() {
        assertThat(typed("twonode orphans ")).contains("list", "show");
    }

    @Test
    void filesAreOfferedWhereAFileIsWanted() throws IOException {
        Files.createFile(folder.resolve("admin.creds"));
        Files.createFile(folder.resolve("other.creds"));

        assertThat(typed("twonode state --creds " + folder + "/"))
                .contains("admin.creds", "other.creds");
    }

    private String typed(String line) {
        Path functions = Shipped.SHARE.resolve("zsh/site-functions").toAbsolutePath();
        return ShellRun.output(
                List.of("zsh", "-f"), TYPE, functions.toString(), folder.toString(), line);
    }
}
