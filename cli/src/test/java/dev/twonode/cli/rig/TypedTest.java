package dev.twonode.cli.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedTest {

    @TempDir Path temp;

    @Test
    void aNameThatLeadsToTheProgramIsEnough() throws IOException {
        Path program = program("bin");
        Path link = Files.createSymbolicLink(folder("links").resolve("nats"), program);

        assertThat(Typed.typed("nats", program, "/nowhere:" + program.getParent()))
                .isEqualTo("nats");
        assertThat(Typed.typed("nats", program, String.valueOf(link.getParent())))
                .isEqualTo("nats");
    }

    @Test
    void aNameThatLeadsNowhereOrToAnotherProgramIsNot() throws IOException {
        Path program = program("bin");
        Path other = program("other");

        assertThat(Typed.typed("nats", program, "/nowhere")).isEqualTo(program.toString());
        assertThat(Typed.typed("nats", program, other.getParent() + ":" + program.getParent()))
                .isEqualTo(program.toString());
    }

    @Test
    void aPathThatAShellWouldTakeApartIsQuoted() throws IOException {
        Path program = program("it's mine");

        assertThat(Typed.typed("nats", program, ""))
                .isEqualTo("'" + program.toString().replace("'", "'\\''") + "'");
    }

    private Path program(String folder) throws IOException {
        Path file = Files.createFile(folder(folder).resolve("nats"));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(temp.resolve(name));
    }
}
