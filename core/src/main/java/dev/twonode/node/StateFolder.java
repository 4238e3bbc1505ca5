package dev.twonode.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The folder with everything that a node must not forget, held by one agent at a time.
///
/// The hold is a lock of the operating system, so it ends with the process however that ends; what
/// `LOCK` says inside is only for the message to the second agent.
public final class StateFolder implements AutoCloseable {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// Folders held by this process. POSIX gives up a process's lock when *any* of its channels on
    /// the file closes, so a second attempt in this process must not even open the file.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private StateFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /// Creates the folder if it is missing, for its owner only, and takes hold of it.
    ///
    /// @throws StateFolderException if another agent holds it or it cannot be used
    public static StateFolder open(Path path) throws StateFolderException {
        Path folder = create(path);
        Path file = folder.resolve("LOCK");
        if (!HELD.add(folder)) {
            throw inUse(folder, "process " + ProcessHandle.current().pid() + " (this one)");
        }
        boolean isHeld = false;
        try {
            StateFolder held = hold(folder, file);
            isHeld = true;
            return held;
        } catch (IOException e) {
            throw DiskTrouble.unusable("lock the state folder with", file, e);
        } finally {
            if (!isHeld) {
                HELD.remove(folder);
            }
        }
    }

    /// Tries whether an agent could use the folder, and leaves everything as it was. An agent that
    /// holds the folder is not disturbed.
    ///
    /// @throws StateFolderException if the folder cannot be used
    public static void check(Path path) throws StateFolderException {
        Deque<Path> made = missing(path.toAbsolutePath().normalize());
        try {
            probe(create(path));
        } finally {
            made.forEach(StateFolder::removeIfEmpty);
        }
    }

    /// What creating the folder would create, innermost first.
    private static Deque<Path> missing(Path folder) {
        Deque<Path> missing = new ArrayDeque<>();
        Path next = folder;
        while (next != null && !Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
            missing.add(next);
            next = next.getParent();
        }
        return missing;
    }

    /// Not by the lock's own file: an agent that is just starting may be about to hold it.
    private static void probe(Path folder) throws StateFolderException {
        Path lock = folder.resolve("LOCK");
        try {
            Files.delete(Files.createTempFile(folder, "check", ".tmp", OWNER_FILE));
            if (Files.exists(lock) && !Files.isWritable(lock)) {
                throw new AccessDeniedException(lock.toString());
            }
        } catch (IOException e) {
            throw DiskTrouble.unusable("lock the state folder with", lock, e);
        }
    }

    private static void removeIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Somebody has begun to use it meanwhile, so it is theirs.
            return;
        }
    }

    public Path path() {
        return folder;
    }

    /// The place of a file or folder inside.
    public Path resolve(String name) {
        return folder.resolve(name);
    }

    /// Makes the folder's own entries durable: a file that was created, renamed or removed in it.
    static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /// Permissions of every file inside.
    static FileAttribute<?>[] filePermissions() {
        return new FileAttribute<?>[] {OWNER_FILE};
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest, and nothing was written through it.
            return;
        } finally {
            HELD.remove(folder);
        }
    }

    private static Path create(Path path) throws StateFolderException {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(absolute)) {
                Files.createDirectory(absolute, OWNER_ONLY);
                if (parent != null) {
                    force(parent);
                }
            }
            return absolute.toRealPath();
        } catch (IOException e) {
            throw DiskTrouble.unusable("create the state folder", absolute, e);
        }
    }

    private static StateFolder hold(Path folder, Path file)
            throws IOException, StateFolderException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        filePermissions());
        boolean isHeld = false;
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw inUse(folder, holder(channel));
            }
            writeHolder(channel);
            isHeld = true;
            return new StateFolder(folder, channel, lock);
        } finally {
            if (!isHeld) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void writeHolder(FileChannel channel) throws IOException {
        String text =
                "process %d since %s\n"
                        .formatted(
                                ProcessHandle.current().pid(),
                                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(200);
        channel.read(buffer, 0);
        String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        return text.isBlank() ? "a process that is just starting" : text.strip();
    }

    private static StateFolderException inUse(Path folder, String holder) {
        return new StateFolderException(
                StateFolderException.Kind.IN_USE,
                "the state folder %s is in use by another agent, %s".formatted(folder, holder),
                "Stop that one, or give this one a folder of its own with --state-dir",
                null);
    }
}
