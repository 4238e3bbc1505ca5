package dev.twonode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder that is a file system of its own for one process: small, or read-only. It is mounted in
/// a mount namespace that ends with the process, so nothing is left behind.
///
/// Mounting is permitted to root, and to others where the kernel lets them have a user namespace.
/// Where it is not, the test fails and says so.
public final class SmallDisk {

    private static final List<String> UNSHARE = unshare();

    private final Path folder;
    private final String options;

    private SmallDisk(Path folder, String options) {
        this.folder = folder;
        this.options = options;
    }

    /// A file system of that many KiB.
    public static SmallDisk of(Path folder, int kib) {
        return new SmallDisk(folder, "size=" + kib + "k");
    }

    /// An empty file system that takes nothing.
    public static SmallDisk readOnly(Path folder) {
        return new SmallDisk(folder, "ro");
    }

    /// The command that mounts it and becomes the program that it gets as its last arguments.
    public List<String> command() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(UNSHARE);
        command.addAll(
                List.of(
                        "sh",
                        "-c",
                        "mount -t tmpfs -o " + options + " tmpfs \"$0\" && exec \"$@\"",
                        folder.toString()));
        return command;
    }

    /// Lets it grow, seen from the process that runs in it.
    public void grow(long pid, int kib) {
        run(inside(pid, "mount -o remount,size=" + kib + "k " + folder));
    }

    /// Leaves no room in it.
    public void fill(long pid) {
        // The end of the room is this command's failure.
        run(inside(pid, "cat /dev/zero > " + folder + "/filling 2>/dev/null || true"));
    }

    /// Gives the room back.
    public void empty(long pid) {
        run(inside(pid, "rm " + folder + "/filling"));
    }

    private static List<String> inside(long pid, String script) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid), "--mount"));
        if (UNSHARE.contains("--map-root-user")) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        command.addAll(List.of("sh", "-c", script));
        return command;
    }

    private static List<String> unshare() {
        List<String> asRoot = List.of("unshare", "--mount");
        List<String> asUser = List.of("unshare", "--mount", "--map-root-user");
        for (List<String> way : List.of(asRoot, asUser)) {
            List<String> attempt = new ArrayList<>(way);
            attempt.addAll(List.of("mount", "-t", "tmpfs", "tmpfs", "/mnt"));
            if (exit(attempt).isEmpty()) {
                return way;
            }
        }
        throw new AssertionError(
                "this test mounts a small file system, which is not permitted here: run it as root"
                        + " (in a container: with --privileged), or allow user namespaces");
    }

    private static void run(List<String> command) {
        String trouble = exit(command);
        if (!trouble.isEmpty()) {
            throw new AssertionError(String.join(" ", command) + ": " + trouble);
        }
    }

    /// @return empty when the command ended well, else what it said
    private static String exit(List<String> command) {
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
}
