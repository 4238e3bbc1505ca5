package dev.twonode.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds out at the start, not at the first reconnect, that a named file is not there, or is
/// another one.
final class FileCheck {

    private static final long GREATEST_LOGIN = 1 << 20;
    private static final Pattern SEED = Pattern.compile("SU[A-Z2-7]{56}");

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

    /// The file of an NKey, if it can be read and has the seed of a user on a line of its own.
    static Optional<Path> seed(Values values, Setting setting) {
        return lines(values, setting)
                .filter(lines -> hasSeed(values, setting, lines))
                .flatMap(_ -> values.path(setting));
    }

    /// The file of credentials, if it can be read and has both a JWT and the seed to it.
    static Optional<Path> credentials(Values values, Setting setting) {
        return lines(values, setting)
                .filter(lines -> hasSeed(values, setting, lines))
                .filter(lines -> hasJwt(values, setting, lines))
                .flatMap(_ -> values.path(setting));
    }

    private static boolean hasSeed(Values values, Setting setting, List<String> lines) {
        boolean has = lines.stream().anyMatch(line -> SEED.matcher(line).matches());
        if (!has) {
            values.problem(
                    setting,
                    values.path(setting).orElseThrow()
                            + " holds no user seed ('SU' and 56 letters and digits)");
        }
        return has;
    }

    private static boolean hasJwt(Values values, Setting setting, List<String> lines) {
        boolean has = lines.stream().anyMatch(line -> line.startsWith("ey"));
        if (!has) {
            values.problem(
                    setting,
                    values.path(setting).orElseThrow()
                            + " holds no JWT ('ey' and more); a seed alone is a file for --nkey");
        }
        return has;
    }

    private static Optional<List<String>> lines(Values values, Setting setting) {
        Optional<Path> file = readable(values, setting);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.size(file.get()) > GREATEST_LOGIN) {
                values.problem(setting, file.get() + " is too large to hold only a login");
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
            return Optional.of(text.lines().map(String::strip).toList());
        } catch (IOException e) {
            values.problem(setting, "cannot read " + Unreadable.why(file.get(), e));
            return Optional.empty();
        }
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
