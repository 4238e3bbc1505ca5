package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.agent.Subjects;
import dev.twonode.cli.demo.Step;
import dev.twonode.config.Setting;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The README's tables say what the code says.
class ReadmeTest {

    /// Published, or heard in the bucket's own form only.
    private static final Set<String> AGENTS_ONLY =
            Set.of("status", "heartbeat", "progress", "takeover", "withdraw");

    private static List<String> readme() throws IOException {
        return Files.readAllLines(Tools.repositoryRoot().resolve("README.md"));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String row(Setting setting) {
        String value = setting.isSwitch() ? "" : " " + setting.placeholder();
        String also =
                setting.variables().stream()
                        .skip(1)
                        .map(name -> "; also `" + name + "`")
                        .collect(Collectors.joining());
        return "| `--%s%s` | %s | %s%s |"
                .formatted(
                        setting.flag(),
                        cell(value),
                        cell(setting.defaultInWords()),
                        cell(setting.meaning()),
                        also);
    }

    @Test
    void everySettingStandsInTheTableWithItsDefault() throws IOException {
        List<String> rows = readme().stream().filter(line -> line.startsWith("| `--")).toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Setting.values()).map(ReadmeTest::row).toList());
    }

    @Test
    void everyExitCodeStandsInTheTable() throws IOException {
        List<String> rows =
                readme().stream().filter(line -> line.matches("\\| \\d+ \\| .*")).toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        ExitCode.table().entrySet().stream()
                                .map(code -> "| " + code.getKey() + " | " + code.getValue() + " |")
                                .toList());
    }

    @Test
    void everyCommandStandsInTheTable() throws IOException {
        String named =
                readme().stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("\\|", -1)[1])
                        .collect(Collectors.joining());

        assertThat(Commands.all().stream().map(Commands.Entry::name))
                .filteredOn(name -> !name.equals("bench")) // has a section of its own
                .allMatch(name -> named.matches(".*`" + name + "\\b.*"));
    }

    @Test
    void everyHealthThatAnAgentTellsStandsInTheTable() throws IOException {
        String table =
                readme().stream()
                        .filter(line -> line.startsWith("| "))
                        .collect(Collectors.joining());
        Path advice =
                Tools.repositoryRoot().resolve("core/src/main/java/dev/twonode/agent/Advice.java");
        List<String> words =
                Pattern.compile("(?:->|\\?|:)\\s+\"([a-z-]+)\"")
                        .matcher(Files.readString(advice))
                        .results()
                        .map(word -> word.group(1))
                        .filter(word -> !word.equals("ok"))
                        .distinct()
                        .toList();

        assertThat(words).hasSizeGreaterThan(10).allMatch(word -> table.contains("`" + word + "`"));
    }

    /// An agent whose login lacks one of them does not hear what people type.
    @Test
    void theLoginOfAnAgentHasEveryWordThatItHears() throws IOException, IllegalAccessException {
        String readme = String.join("\n", readme());
        int begin = readme.indexOf("subscribe: [");
        String allowed = readme.substring(begin, readme.indexOf(']', begin));

        for (Field word : Subjects.class.getFields()) {
            if (!(word.get(null) instanceof String value)) {
                continue;
            }
            boolean isHeard = !AGENTS_ONLY.contains(value);
            assertThat(allowed.contains("\"" + value + "\"")).as(value).isEqualTo(isHeard);
        }
    }

    @Test
    void proseFitsOnAScreen() throws IOException {
        assertThat(readme())
                .filteredOn(line -> !line.startsWith("|"))
                .allMatch(line -> line.codePointCount(0, line.length()) <= 120);
    }

    @Test
    void everyChapterStandsInTheContents() throws IOException {
        List<String> entries =
                readme().stream()
                        .filter(line -> line.startsWith("## "))
                        .map(line -> line.substring("## ".length()))
                        .map(title ->
                                "[%s](#%s)"
                                        .formatted(
                                                title,
                                                title.toLowerCase(Locale.ROOT)
                                                        .replace("`", "")
                                                        .replace(' ', '-')))
                        .toList();
        List<String> contents =
                readme().stream()
                        .filter(line -> line.matches("\\[.+\\]\\(#.+\\)( ·)?"))
                        .map(line -> line.replace(" ·", ""))
                        .toList();

        assertThat(contents).containsExactlyElementsOf(entries);
    }

    @Test
    void everyStepOfTheStoryIsNamed() throws IOException {
        String text = String.join("\n", readme());

        assertThat(text)
                .contains(
                        Arrays.stream(Step.values())
                                .filter(step -> step != Step.STOP && step != Step.ALL)
                                .map(step -> "twonode demo " + step)
                                .toList());
    }
}
