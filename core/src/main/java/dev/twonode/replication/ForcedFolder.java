package dev.twonode.replication;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder whose entries are either complete and on the disk, or not there. What is being written
/// has a name that ends in `.part`.
final class ForcedFolder {

    private static final String PART = ".part";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final UnaryOperator<OutputStream> disk;

    ForcedFolder(Path path) {
        this(path, UnaryOperator.identity());
    }

    /// @param disk stands between every file and the disk; a test lets it fail
    ForcedFolder(Path path, UnaryOperator<OutputStream> disk) {
        this.path = path;
        this.disk = disk;
    }

    /// Fills one file.
    @FunctionalInterface
    interface Content<X extends Exception> {
        void writeTo(OutputStream out) throws IOException, X;
    }

    /// Writes a file that appears under its name only when all of it is on the disk.
    <X extends Exception> Path write(String name, Content<X> content) throws IOException, X {
        makeFolder();
        Path part = path.resolve(name + PART);
        try {
            writeForced(part, content);
            return publish(part, name);
        } catch (IOException failure) {
            discard(part, failure);
            throw failure;
        }
    }

    /// A folder in the making, to be filled with [#writeForced] and then given its name.
    Path makePart(String name) throws IOException {
        makeFolder();
        Path part = path.resolve(name + PART);
        deleteTree(part);
        return Files.createDirectory(part);
    }

    /// Writes a file and forces it to the disk.
    <X extends Exception> void writeForced(Path file, Content<X> content) throws IOException, X {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            OutputStream out =
                    new BufferedOutputStream(
                            disk.apply(Channels.newOutputStream(channel)), BUFFER_BYTES);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /// Gives a finished part its name.
    Path publish(Path part, String name) throws IOException {
        if (Files.isDirectory(part)) {
            force(part);
        }
        Path target = path.resolve(name);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        force(path);
        return target;
    }

    /// Names of the complete entries, in order.
    List<String> names() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.endsWith(PART))
                    .sorted()
                    .toList();
        }
    }

    /// Removes what earlier attempts left unfinished.
    void sweep() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().endsWith(PART)) {
                    deleteTree(entry);
                }
            }
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /// Removes an entry for good.
    void remove(String name) throws IOException {
        deleteTree(path.resolve(name));
        force(path);
    }

    private void makeFolder() throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(Path part, IOException failure) {
        try {
            deleteTree(part);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes ignored)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
