package dev.twonode.cli.rig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of one rig: its state file, its lock, and where each node keeps its things.
///
/// @param root the folder; it need not exist
public record RigFolder(Path root) {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private static final String STATE = "rig.json";
    private static final String LOCK = "rig.lock";
    private static final List<String> FILES =
            List.of(
                    "writes.log",
                    "writes.log.1",
                    "kine-writes.log",
                    "kine-writes.log.1",
                    "writer.log",
                    STATE,
                    LOCK);

    public RigFolder {
        root = root.toAbsolutePath().normalize();
    }

    /// Where one node keeps its configuration, store, journal and logs.
    public Path of(String node) {
        return root.resolve(node);
    }

    /// Where the files of Docker Compose are, and what its containers leave on this machine.
    public Path compose() {
        return root.resolve("compose");
    }

    /// Where keys, passwords and the like of a Kubernetes are that both nodes share.
    public Path kubernetes() {
        return root.resolve("kubernetes");
    }

    /// What the background writer was told by kine.
    public Path kineWrites() {
        return root.resolve("kine-writes.log");
    }

    /// The journal of the background writer.
    public Path writes() {
        return root.resolve("writes.log");
    }

    /// What the background writer printed.
    public Path writerLog() {
        return root.resolve("writer.log");
    }

    /// What the folder remembers. Empty when nothing was ever started here.
    public Optional<RigState> read() {
        Path file = root.resolve(STATE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            RigState state = JSON.readValue(Files.readString(file), RigState.class);
            if (state.schema() > RigState.SCHEMA) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        file + " cannot be used",
                        "a newer twonode wrote it (schema " + state.schema() + ")",
                        "use that one, or choose another folder with --dir");
            }
            return Optional.of(state);
        } catch (JsonProcessingException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    file + " cannot be understood",
                    "it is damaged",
                    "stop what still runs of the demo by hand and remove " + root,
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Replaces what the folder remembers, as a whole or not at all. Only under the lock.
    public void write(RigState state) {
        try {
            Files.createDirectories(root);
            Path draft = root.resolve(STATE + ".new");
            Files.writeString(draft, JSON.writeValueAsString(state));
            Files.move(draft, root.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + root, e);
        }
    }

    /// Takes the folder's lock without waiting. Empty when another command holds it.
    public Optional<Lock> tryLock() {
        try {
            refuseForeign();
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(
                            root.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new Lock(channel));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + root, e);
        }
    }

    /// Removes everything that a rig keeps in its folder, and the folder itself if nothing else is
    /// in it. Refuses a folder that is not a rig's.
    public void delete() {
        if (!Files.exists(root)) {
            return;
        }
        RigState state = read().orElseThrow(this::notARig);
        try {
            for (RigState.Node node : state.nodes()) {
                deleteTree(of(node.name()));
            }
            deleteTree(compose());
            deleteTree(kubernetes());
            for (String name : FILES) {
                Files.deleteIfExists(root.resolve(name));
            }
            if (isEmpty(root)) {
                Files.delete(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove all of " + root, e);
        }
    }

    /// A rig removes whole folders below its own; somebody else's must not be taken for them.
    private void refuseForeign() throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(STATE))) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            Optional<Path> foreign =
                    entries.filter(it -> !FILES.contains(it.getFileName().toString())).findFirst();
            if (foreign.isPresent()) {
                throw new Failure(
                        ExitCode.REFUSED,
                        root + " is not used for the demo",
                        "it was not made by twonode demo, and holds " + foreign.get().getFileName(),
                        "name an empty folder, or one that does not exist, with --dir");
            }
        }
    }

    private Failure notARig() {
        return new Failure(
                ExitCode.REFUSED,
                "nothing in " + root + " is removed",
                "the folder was not made by twonode demo",
                "look at --dir");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /// Where a node's folder is a link, to another disk, what it leads to goes first.
    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        if (Files.isSymbolicLink(tree)) {
            deleteTree(tree.toRealPath());
        }
        try (Stream<Path> entries = Files.walk(tree)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }

    /// The right to change a rig; ends with the process at the latest.
    public static final class Lock implements AutoCloseable {

        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
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
}
