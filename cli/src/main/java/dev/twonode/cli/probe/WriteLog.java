package dev.twonode.cli.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The writer's memory of what it was told: one line of text per fact, each handed to the operating
/// system before the next write is sent, so that nothing is forgotten when the writer is killed.
///
/// Lines: `begin FORMAT GENERATION BEFORE` opens a file (`BEFORE` writes were accepted in earlier
/// files), `start` says that the writer begins to run, `leader NODE TERM NANOS` a change of leader,
/// `ok NUMBER KEY SEQ SENT ACCEPTED DIGEST` an accepted write, `commit SEQ` what the present leader
/// calls committed, `unknown NUMBER KEY` a write without an answer. A file that has grown large is
/// kept as `….1`, in place of the one before.
public final class WriteLog implements AutoCloseable {

    static final int FORMAT = 1;
    static final String OLDER = ".1";

    private final Path file;
    private final long largest;
    private FileChannel channel;
    private int generation;
    private long accepted;
    private long committed;
    private String leader = "";

    /// Goes on with the log at `file`, or begins it.
    ///
    /// @param largest the size in bytes beyond which a new file is begun
    public WriteLog(Path file, long largest) throws IOException {
        this.file = file;
        this.largest = largest;
        if (Files.exists(file)) {
            WriteHistory past = WriteHistory.read(file);
            generation = past.generation();
            accepted = past.total();
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        channel = append();
        endTornLine();
        if (channel.size() == 0) {
            begin();
        }
        write("start");
    }

    /// Another node leads, or the same one in another term.
    public void leader(String node, long term) {
        committed = 0;
        leader = "leader " + node + " " + term + " " + System.nanoTime();
        line(leader);
    }

    /// The leader's server acknowledged a write.
    public void accepted(
            long number, int key, long sequence, long sentNanos, long acceptedNanos, long digest) {
        line(
                "ok "
                        + number
                        + " "
                        + key
                        + " "
                        + sequence
                        + " "
                        + sentNanos
                        + " "
                        + acceptedNanos
                        + " "
                        + Long.toHexString(digest));
        accepted++;
    }

    /// The leader calls everything up to here committed. Only news are written down.
    public void committed(long sequence) {
        if (sequence > committed) {
            committed = sequence;
            line("commit " + sequence);
        }
    }

    /// A write got no answer: it may or may not be stored.
    public void unknown(long number, int key) {
        line("unknown " + number + " " + key);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String text) {
        try {
            if (channel.size() > largest) {
                roll();
            }
            write(text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file, e);
        }
    }

    private void roll() throws IOException {
        channel.close();
        Files.move(
                file,
                file.resolveSibling(file.getFileName() + OLDER),
                StandardCopyOption.REPLACE_EXISTING);
        channel = append();
        begin();
        if (!leader.isEmpty()) {
            write(leader);
        }
    }

    private void begin() throws IOException {
        generation++;
        write("begin " + FORMAT + " " + generation + " " + accepted);
    }

    private FileChannel append() throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    /// A writer that was killed may have left half a line; it must not join the next one.
    private void endTornLine() throws IOException {
        long size = channel.size();
        if (size == 0) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel written = FileChannel.open(file)) {
            written.read(last, size - 1);
        }
        if (last.get(0) != '\n') {
            write("");
        }
    }

    private void write(String text) throws IOException {
        write(channel, text);
    }

    static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
