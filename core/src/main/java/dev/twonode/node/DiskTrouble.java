package dev.twonode.node;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/// Turns what the file system says into the reason and the remedy that an operator needs.
final class DiskTrouble {

    private DiskTrouble() {}

    /// A refusal of kind UNUSABLE.
    ///
    /// @param doing what failed, such as "write the journal"
    static StateFolderException unusable(String doing, Path file, IOException e) {
        String reason = reason(e);
        return new StateFolderException(
                StateFolderException.Kind.UNUSABLE,
                "cannot %s %s: %s".formatted(doing, file, reason),
                remedy(file, e, reason),
                e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file or directory";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            case ClosedByInterruptException _ -> "interrupted, as the agent ends";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    private static String remedy(Path file, IOException e, String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota")) {
            return "Free space on its file system; the agent goes on from what was last written";
        }
        if (lower.contains("read-only")) {
            return "Its file system is mounted read-only: repair and remount it, or name another"
                    + " folder with --state-dir";
        }
        if (e instanceof ClosedByInterruptException) {
            return "What was written before counts";
        }
        if (e instanceof AccessDeniedException) {
            return "Give the user '%s' the right to it, or name another folder with --state-dir"
                    .formatted(System.getProperty("user.name"));
        }
        if (e instanceof FileAlreadyExistsException taken) {
            return "Move %s away, or name another folder with --state-dir"
                    .formatted(taken.getFile());
        }
        return "Make %s a folder that the agent can write to, or name another with --state-dir"
                .formatted(file.getParent());
    }
}
