package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.demo.Step;
import dev.twonode.config.Setting;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The README's tables say what the code says.
class ReadmeTest {

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
