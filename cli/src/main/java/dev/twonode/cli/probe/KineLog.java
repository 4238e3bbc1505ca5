package dev.twonode.cli.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// What a writer was told by kine: one line of text per fact, handed to the operating system before
/// the next write is sent. Lines: `start`, `ok NUMBER KEY REVISION SENT ANSWERED`, `failed NUMBER`,
/// `gone PORT` for a kine that ended.
public final class KineLog implements AutoCloseable {

    static final String OLDER = ".1";

    private final Path file;
    private final long largest;
    private FileChannel channel;

    /// Goes on with the log at `file`, or begins it.
    ///
    /// @param largest the size in bytes beyond which a new file is begun; the old one is kept in
    ///   place of the one before
    public KineLog(Path file, long largest) throws IOException {
        this.file = file;
        this.largest = largest;
        this.channel = append();
        // Also ends the line that a writer left half written when it was killed.
        line("");
        line("start");
    }

    void accepted(long number, int key, long revision, long sentNanos, long answeredNanos) {
        line("ok %d %d %d %d %d".formatted(number, key, revision, sentNanos, answeredNanos));
    }

    void failed(long number) {
        line("failed " + number);
    }

    void gone(int port) {
        line("gone " + port);
    }

    private FileChannel append() throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    private void line(String text) {
        try {
            if (channel.size() > largest) {
                channel.close();
                Path older = file.resolveSibling(file.getFileName() + OLDER);
                Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
                channel = append();
            }
            WriteLog.write(channel, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
