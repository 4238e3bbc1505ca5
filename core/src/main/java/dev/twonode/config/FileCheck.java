package dev.twonode.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds out at the start, not at the first reconnect, that a named file is not there.
final class FileCheck {

    private FileCheck() {}

    /// The file that a setting names, if it names one that can be read.
    static Optional<Path> readable(Values values, Setting setting) {
        Optional<Path> file = values.path(setting);
        if (file.isPresent() && !Files.isRegularFile(file.get())) {
            values.problem(setting, "there is no file " + file.get());
            return Optional.empty();
        }
        if (file.isPresent() && !Files.isReadable(file.get())) {
            values.problem(setting, "no permission to read " + file.get());
            return Optional.empty();
        }
        return file;
    }

    /// One half of a certificate and its key; a half without its other is a problem, told once.
    static Optional<Path> certificate(Values values, Setting half, Setting other) {
        if (values.isSet(half) && !values.isSet(other)) {
            values.problem(half, "needs " + other + " beside it");
            return Optional.empty();
        }
        Optional<Path> file = readable(values, half);
        return values.path(other).filter(Files::isReadable).flatMap(_ -> file);
    }
}
