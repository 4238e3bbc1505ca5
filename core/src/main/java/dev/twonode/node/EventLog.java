package dev.twonode.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.protocol.NodeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The history of the node's transitions: `events.jsonl` in the state folder, one JSON object per
/// line, and `events.1.jsonl` with the older ones. Bounded: when the first is full it becomes the
/// second.
///
/// It is a record for people. A line that cannot be read is counted and passed over, and a line
/// that cannot be written is the caller's to report; neither keeps a node from serving.
public final class EventLog {

    /// One transition.
    ///
    /// @param time wall clock
    /// @param node whose transition
    /// @param term number of the term in which it happened
    /// @param from the state before
    /// @param to the state after
    /// @param reason why, in words
    public record Entry(
            Instant time, NodeName node, long term, String from, String to, String reason) {}

    /// What the files hold.
    ///
    /// @param entries oldest first
    /// @param damaged number of lines that could not be read
    public record History(List<Entry> entries, int damaged) {

        public History {
            entries = List.copyOf(entries);
        }

        /// The newest entries, oldest of them first.
        public List<Entry> last(int count) {
            return entries.subList(Math.max(0, entries.size() - count), entries.size());
        }
    }

    static final String CURRENT = "events.jsonl";
    static final String OLDER = "events.1.jsonl";

    private static final long USUAL_BOUND = 1 << 20;

    /// A file beyond this was not written here, and reading it could exhaust the memory.
    private static final long GREATEST_SIZE = 64L << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;
    private final long bound;

    /// @param folder the held state folder
    public EventLog(StateFolder folder) {
        this(folder.path(), USUAL_BOUND);
    }

    EventLog(Path folder, long bound) {
        this.folder = folder;
        this.bound = bound;
    }

    /// Adds a transition; when this returns it survives the end of this process.
    ///
    /// @throws StateFolderException if it could not be written
    public void append(Entry entry) throws StateFolderException {
        Path file = folder.resolve(CURRENT);
        try {
            if (Files.exists(file) && Files.size(file) >= bound) {
                rotate(file);
            }
            write(file, encode(entry));
        } catch (IOException e) {
            throw DiskTrouble.unusable("add to the event history", file, e);
        }
    }

    /// Reads the history in a folder, which some agent may be adding to.
    ///
    /// @throws StateFolderException if a file is there but cannot be read at all
    public static History read(Path folder) throws StateFolderException {
        List<Entry> entries = new ArrayList<>();
        int damaged = 0;
        for (String name : List.of(OLDER, CURRENT)) {
            for (String line : lines(folder.resolve(name))) {
                Optional<Entry> entry = decode(line);
                entry.ifPresent(entries::add);
                damaged += entry.isPresent() ? 0 : 1;
            }
        }
        return new History(entries, damaged);
    }

    /// Lets everything that was added survive a power cut; nothing was added where there is no
    /// file.
    ///
    /// @throws StateFolderException if that is not certain
    public void force() throws StateFolderException {
        Path file = folder.resolve(CURRENT);
        if (Files.notExists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
            StateFolder.force(folder);
        } catch (IOException e) {
            throw DiskTrouble.unusable("add to the event history", file, e);
        }
    }

    private void rotate(Path file) throws IOException {
        Files.move(
                file,
                folder.resolve(OLDER),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        StateFolder.force(folder);
    }

    /// A line that a crash or a full disk cut short is ended first, so that it spoils no other.
    private void write(Path file, String line) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, StateFolder.filePermissions())) {
            String whole = (endsInsideALine(channel) ? "\n" : "") + line + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(StandardCharsets.UTF_8));
            channel.position(channel.size());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static boolean endsInsideALine(FileChannel channel) throws IOException {
        if (channel.size() == 0) {
            return false;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, channel.size() - 1);
        return last.get(0) != '\n';
    }

    private static List<String> lines(Path file) throws StateFolderException {
        if (Files.notExists(file)) {
            return List.of();
        }
        try {
            if (Files.size(file) > GREATEST_SIZE) {
                throw new IOException("larger than any event history");
            }
            // Not strict about the encoding: a broken character spoils its own line only.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw DiskTrouble.unusable("read the event history", file, e);
        }
    }

    private static String encode(Entry entry) {
        return MAPPER.createObjectNode()
                .put("time", entry.time().toString())
                .put("node", entry.node().value())
                .put("term", entry.term())
                .put("from", entry.from())
                .put("to", entry.to())
                .put("reason", entry.reason())
                .toString();
    }

    private static Optional<Entry> decode(String line) {
        try {
            JsonNode root = MAPPER.readTree(line);
            if (!root.path("term").isIntegralNumber() || !root.path("to").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Entry(
                            Instant.parse(root.path("time").asText()),
                            new NodeName(root.path("node").asText()),
                            root.path("term").asLong(),
                            root.path("from").asText(),
                            root.path("to").asText(),
                            root.path("reason").asText()));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
