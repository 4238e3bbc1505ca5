package dev.twonode.cli.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a person types the programs that belong to this installation, in any folder: by their names
/// where these lead to them, else by their whole paths.
///
/// @param twonode this program
/// @param nats the command line of NATS; its name alone where this machine has none
public record Typed(String twonode, String nats) {

    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    /// As they are typed on this machine.
    ///
    /// @param path the folders in which names are looked up, as in the variable `PATH`
    public static Typed of(Installation installation, String path) {
        return new Typed(
                typed("twonode", installation.launcher(), path),
                installation.here("nats").map(file -> typed("nats", file, path)).orElse("nats"));
    }

    /// @param file the program that is meant
    static String typed(String name, Path file, String path) {
        Optional<Path> named =
                Arrays.stream(path.split(":", -1))
                        .map(folder -> Path.of(folder).resolve(name))
                        .filter(Files::isExecutable)
                        .findFirst();
        return named.filter(found -> isSame(found, file)).isPresent()
                ? name
                : quoted(file.toAbsolutePath().normalize().toString());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
