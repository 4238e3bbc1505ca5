package dev.twonode.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Says in words why a file could not be read.
final class Unreadable {

    private Unreadable() {}

    /// The file's name and the reason, to be put behind "cannot read …".
    static String why(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> file + ": there is no such file";
            case AccessDeniedException _ -> file + ": no permission to read it";
            case CharacterCodingException _ -> file + ": it is not text in UTF-8";
            default -> file + ": " + e.getMessage();
        };
    }
}
