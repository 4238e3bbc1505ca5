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
}
