package dev.twonode.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Completion in a real bash: the words typed so far go in, what TAB would offer comes out.
class BashTest {

    private static final String ASK =
            """
            set -e
            compopt() { :; }  # the builtin works only below a real TAB
            source "$1"
            shift
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            COMPREPLY=()
            _complete_twonode "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @Test
    void commandsAreOfferedByTheirBeginning() {
        assertThat(offered("twonode", "st"))
                .contains("status", "state", "stepdown")
                .doesNotContain("report");
    }

    @Test
    void optionsOfTheCommandAreOffered() {
        assertThat(offered("twonode", "stepdown", "--")).contains("--yes", "--server", "--output");
        assertThat(offered("twonode", "status", "--")).contains("--watch").doesNotContain("--yes");
    }

    @Test
    void aliasesHaveTheSameOptions() {
        assertThat(offered("twonode", "sd", "--")).contains("--wait-timeout");
    }

    @Test
    void valuesOfAClosedSetAreOffered() {
        assertThat(offered("twonode", "status", "-o", "")).contains("table", "json", "yaml", "tsv");
        assertThat(offered("twonode", "completion", "z")).containsExactly("zsh");
    }

    @Test
    void commandsBelowCommandsAreOffered() {
        assertThat(offered("twonode", "orphans", "")).contains("list", "show");
    }

    @Test
    void filesAreOfferedWhereAFileIsWanted(@TempDir Path folder) throws IOException {
        Path creds = Files.createFile(folder.resolve("admin.creds"));

        assertThat(offered("twonode", "state", "--creds", folder + "/ad"))
                .containsExactly(creds.toString());
    }

    private static List<String> offered(String... words) {
        List<String> all = new ArrayList<>(List.of(Shipped.script(Shell.BASH).toString()));
        all.addAll(List.of(words));
        return ShellRun.output(List.of("bash", "--norc"), ASK, all.toArray(String[]::new))
                .lines()
                .map(String::strip)
                .toList();
    }
}
