package dev.twonode.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What lies in the state folders of the nodes as saved streams: a power cut does not take it.
final class SavedStreams {

    private static final String DATA = "stream.";
    private static final String PART = ".part";

    private SavedStreams() {}

    static Set<StoredContent> of(List<SimulatedNode> nodes) {
        Set<StoredContent> saved = new LinkedHashSet<>();
        for (SimulatedNode node : nodes) {
            Path folder = node.stateDir().resolve("snapshots");
            if (Files.isDirectory(folder)) {
                read(folder, saved);
            }
        }
        return saved;
    }

    private static void read(Path folder, Set<StoredContent> saved) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> data =
                    files.filter(file -> file.getFileName().toString().startsWith(DATA))
                            .filter(file -> !folder.relativize(file).toString().contains(PART))
                            .toList();
            for (Path file : data) {
                SimulatedRestore.messages(Files.readAllBytes(file)).stream()
                        .map(StoredContent::of)
                        .forEach(saved::add);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
