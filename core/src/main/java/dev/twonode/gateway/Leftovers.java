package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Requests that clients sent while the gateway ended, and that no server has seen, on their way to
/// the process that is started next: as the clients said them, one behind the other.
final class Leftovers {

    private Leftovers() {}

    /// Leaves requests to the next process, readable by the owner only.
    static void save(Path file, List<Frame.Publish> requests) throws IOException {
        Path written = newFile(file);
        try {
            write(written, requests);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void write(Path file, List<Frame.Publish> requests) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (Frame.Publish request : requests) {
                out.write(request.bytes());
            }
        }
    }

    /// Takes what the process before has left, unless that is longer ago than clients wait.
    static List<Frame.Publish> take(Path file, Duration patience) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return isFresh(file, patience) ? read(file) : List.of();
        } finally {
            Files.delete(file);
        }
    }

    /// Compares two times of the file system. One that was set back in between makes nothing fresh.
    private static boolean isFresh(Path file, Duration patience) throws IOException {
        Path now = newFile(file);
        Duration age =
                Duration.between(
                        Files.getLastModifiedTime(file).toInstant(),
                        Files.getLastModifiedTime(now).toInstant());
        Files.delete(now);
        return !age.isNegative() && age.compareTo(patience) < 0;
    }

    private static Path newFile(Path beside) throws IOException {
        return Files.createTempFile(beside.toAbsolutePath().getParent(), "leftovers", null);
    }

    private static List<Frame.Publish> read(Path file) throws IOException {
        List<Frame.Publish> requests = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            FrameReader reader = new FrameReader(in, FrameReader.CLIENT_LINE);
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                if (frame instanceof Frame.Publish publish) {
                    requests.add(publish);
                }
            }
        }
        return requests;
    }
}
