package dev.twonode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder that is a file system of its own for some processes: small, or read-only. It is mounted
/// in a mount namespace that ends with this object, and with this process at the latest.
///
/// Mounting is permitted to root, and to others where the kernel lets them have a user namespace.
/// Where it is not, the test fails and says so.
public final class SmallDisk implements AutoCloseable {

    private final List<String> unshare = unshare();

    private final Path folder;
    private final Process holder;

    private SmallDisk(Path folder, String options) {
        this.folder = folder;
        List<String> command = new ArrayList<>(unshare);
        String script =
                "mount -t tmpfs -o " + options + " tmpfs \"$0\" && echo mounted && exec cat";
        command.addAll(List.of("sh", "-c", script, folder.toString()));
        try {
            Files.createDirectories(folder);
            // It reads from this process, and so ends with it.
            holder = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] said = holder.getInputStream().readNBytes("mounted".length());
            if (!new String(said, StandardCharsets.UTF_8).equals("mounted")) {
                throw new AssertionError(
                        folder + " was not mounted: " + new String(said, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file system of that many KiB.
    public static SmallDisk of(Path folder, int kib) {
        return new SmallDisk(folder, "size=" + kib + "k");
    }

    /// An empty file system that takes nothing.
    public static SmallDisk readOnly(Path folder) {
        return new SmallDisk(folder, "ro");
    }

    /// The command that becomes the program which it gets as its last arguments, where this file
    /// system is seen.
    ///
    /// @param working the program's working folder
    public List<String> command(Path working) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("nsenter", "--target", Long.toString(holder.pid()), "--mount"));
        if (unshare.contains("--map-root-user")) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        String script = "cd \"$0\" && exec \"$@\"";
        command.addAll(List.of("sh", "-c", script, working.toString()));
        return command;
    }

    /// Where a process that does not see this file system finds what is in it.
    public Path fromOutside() {
        return Path.of("/proc", Long.toString(holder.pid()), "root").resolve("." + folder);
    }

    /// Lets it grow.
    public void grow(int kib) {
        inside("mount", "-o", "remount,size=" + kib + "k", folder.toString());
    }

    /// Leaves no room in it.
    public void fill() {
        // The end of the room is the copying command's failure.
        inside("sh", "-c", "cat /dev/zero > filling 2>/dev/null || true");
    }

    /// Gives the room back.
    public void empty() {
        inside("rm", "filling");
    }

    private void inside(String... words) {
        List<String> command = command(folder);
        command.addAll(List.of(words));
        String trouble = trouble(command);
        if (!trouble.isEmpty()) {
            throw new AssertionError(String.join(" ", command) + ": " + trouble);
        }
    }

    private static List<String> unshare() {
        List<String> asRoot = List.of("unshare", "--mount");
        List<String> asUser = List.of("unshare", "--mount", "--map-root-user");
        for (List<String> way : List.of(asRoot, asUser)) {
            List<String> attempt = new ArrayList<>(way);
            attempt.addAll(List.of("mount", "-t", "tmpfs", "tmpfs", "/mnt"));
            if (trouble(attempt).isEmpty()) {
                return way;
            }
        }
        throw new AssertionError(
                "this test mounts a small file system, which is not permitted here: run it as root"
                        + " (in a container: with --privileged), or allow user namespaces");
    }

    /// @return empty when the command ended well, else what it said
    private static String trouble(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return code == 0 ? "" : "ended with " + code + ": " + said;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
