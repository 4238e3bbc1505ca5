package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    @TempDir Path folder;

    @Test
    void unknownKeyIsAnErrorWithItsLineAndAGuess() {
        assertThat(problems("bucket: kine\n\npeer-timout: 2s\nfoo: 1\n"))
                .containsExactly(
                        "FILE:3: unknown key 'peer-timout' (did you mean 'peer-timeout'?)",
                        "FILE:4: unknown key 'foo'");
    }

    @Test
    void keyThatComesTwiceIsAnError() {
        assertThat(problems("bucket: a\nbucket: b\n"))
                .containsExactly("FILE:2: 'bucket' is set a second time");
    }

    @Test
    void keyWithoutValueIsAnError() {
        assertThat(problems("bucket:\nname: ''\n"))
                .containsExactly(
                        "FILE:1: 'bucket' has no value; give it one or remove the line",
                        "FILE:2: 'name' has no value; give it one or remove the line");
    }

    @Test
    void blocksAndNestedListsAreErrorsAndTheRestIsStillRead() {
        assertThat(problems("server:\n  url: x\npeer-url: [[a]]\nlog-format: xml\n"))
                .containsExactly(
                        "FILE:2: 'server' takes one value, not a block of keys",
                        "FILE:3: 'peer-url' takes a list of plain values with at least one",
                        "--log-format (FILE:4): 'xml' is not one of auto, plain, logfmt, json");
    }

    @Test
    void brokenYamlIsAnErrorWithItsLine() {
        assertThat(problems("bucket: kine\nname: 'a\n"))
                .singleElement()
                .asString()
                .startsWith("FILE:")
                .contains("not valid YAML");
    }

    @Test
    void fileThatIsNoListOfSettingsIsAnError() {
        assertThat(problems("just words\n"))
                .containsExactly("FILE:1: expected lines like 'peer-url: nats://HOST:4222'");
        assertThat(problems("name: a\n---\nname: b\n"))
                .anyMatch(p -> p.contains("second document"));
    }

    @Test
    void configKeyInAFileWouldPointInCircles() {
        assertThat(problems("config: other.yaml\n"))
                .containsExactly("FILE:1: unknown key 'config'");
    }

    @Test
    void emptyFileSaysNothing() {
        for (String empty : List.of("", "# nothing\n", "---\n")) {
            assertThat(new ConfigFixture(folder).withPeer().systemFile(empty).config()).isNotNull();
        }
    }

    @Test
    void namedFileHasToExistAndTheOthersNot() {
        ConfigFixture machine = new ConfigFixture(folder).withPeer();
        assertThat(machine.config()).isNotNull();

        machine.flag(Setting.CONFIG, folder + "/none.yaml");
        assertThat(machine.onlyProblem())
                .isEqualTo(
                        "cannot read the configuration file "
                                + folder
                                + "/none.yaml: there is no such file");
    }

    @Test
    void fileThatIsNoTextIsRefused() throws IOException {
        Path file = folder.resolve("binary.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
        ConfigFixture machine = new ConfigFixture(folder).withPeer();

        assertThat(machine.flag(Setting.CONFIG, file.toString()).onlyProblem())
                .contains("not text in UTF-8");
    }

    @Test
    void hugeFileIsNotEvenParsed() {
        ConfigFixture machine = new ConfigFixture(folder).withPeer();
        String huge = machine.file("huge.yaml", "#".repeat((1 << 20) + 1));

        assertThat(machine.flag(Setting.CONFIG, huge).onlyProblem()).contains("larger than 1 MiB");
    }

    /// The problems, with the file's name replaced by `FILE`.
    private List<String> problems(String yaml) {
        ConfigFixture machine = new ConfigFixture(folder).withPeer().systemFile(yaml);
        String name = machine.around().systemConfig().toString();
        return machine.problems().stream().map(p -> p.replace(name, "FILE")).toList();
    }
}
