package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests on their way to the agent that is started next.
class LeftoversTest {

    private static final Frame.Publish REQUEST =
            Frames.publish("$KV.kine.x", "_INBOX.x", new byte[] {'v'});

    @TempDir private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).toList();
        }
    }

    @Test
    void whatIsSavedIsTakenOnceAndLeavesNothing() throws IOException {
        Path file = folder.resolve("leftovers");
        Leftovers.save(file, List.of(REQUEST));
        assertThat(names()).containsExactly("leftovers");

        List<Frame.Publish> taken = Leftovers.take(file, Duration.ofMinutes(1));

        assertThat(taken)
                .singleElement()
                .extracting(Frame.Publish::subject)
                .isEqualTo("$KV.kine.x");
        assertThat(names()).isEmpty();
    }

    /// As where the disk is full, each time that the agent ends.
    @Test
    void whatCannotBeSavedLeavesNothing() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.createFile(taken.resolve("file"));

        assertThatThrownBy(() -> Leftovers.save(taken, List.of(REQUEST)))
                .isInstanceOf(IOException.class);

        assertThat(names()).containsExactly("taken");
    }
}
