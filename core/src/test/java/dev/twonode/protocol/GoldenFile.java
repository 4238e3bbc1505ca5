package dev.twonode.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A committed file that a test compares with what the machine does now. `-Dtwonode.rewrite=true`
/// writes it anew.
final class GoldenFile {

    static final Path FOLDER = Path.of("src/test/resources/protocol");

    private GoldenFile() {}

    static void compare(Path file, String actual) throws IOException {
        if (Boolean.getBoolean("twonode.rewrite")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .describedAs("%s differs; -Dtwonode.rewrite=true writes it anew", file)
                .isEqualTo(Files.readString(file));
    }
}
