package dev.twonode.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The K3s that this machine may have of its own. Every K3s reads the settings in one place and,
/// whatever file for `kubectl` it is told to write, puts a link to that in the place of the usual
/// one. So a K3s of the demo would be started with foreign settings and take a file away.
///
/// @param etc where K3s looks for its settings
/// @param home where K3s keeps the file for `kubectl` of a user who is not root
/// @param demo the folder of the demo, whose own K3s are no reason to worry
record MachineK3s(Path etc, Path home, Path demo) {

    /// Of this machine and user.
    static MachineK3s beside(Path demo) {
        return new MachineK3s(
                Path.of("/etc/rancher/k3s"),
                Path.of(System.getenv().getOrDefault("HOME", "/"), ".kube"),
                demo);
    }

    private List<Path> forKubectl() {
        return List.of(etc.resolve("k3s.yaml"), home.resolve("k3s.yaml"));
    }

    /// A file that only a K3s of this machine can have. A link to nowhere is none.
    Optional<Path> trace() {
        Stream<Path> settings = Stream.of(etc.resolve("config.yaml"), etc.resolve("config.yaml.d"));
        return Stream.concat(settings, forKubectl().stream())
                .filter(Files::exists)
                .filter(path -> !leadsIntoDemo(path))
                .findFirst();
    }

    /// Removes the links that the demo's K3s have left.
    void removeLinks() {
        forKubectl().stream().filter(this::leadsIntoDemo).forEach(MachineK3s::remove);
    }

    private boolean leadsIntoDemo(Path path) {
        try {
            return Files.isSymbolicLink(path) && Files.readSymbolicLink(path).startsWith(demo);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the link " + path, e);
        }
    }

    private static void remove(Path link) {
        try {
            Files.delete(link);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the link " + link, e);
        }
    }
}
