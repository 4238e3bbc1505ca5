package dev.twonode.architecture;

import dev.twonode.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files of the project that people read and that are not Java: scripts, pages, poms.
final class TextFiles {
    private static final String PAGES = "[^/]+\\.md|[^/]+/[^/]+\\.md|pom\\.xml|[^/]+/pom\\.xml";
    private static final String SCRIPTS =
            "\\.ci/[^/]+|demo-scripts/[^/.]+|cli/src/main/launcher/.*";

    private TextFiles() {}

    /// Lines by path.
    static Map<String, List<String>> pages() {
        return matching(PAGES);
    }

    /// Lines by path.
    static Map<String, List<String>> scripts() {
        return matching(SCRIPTS);
    }

    private static Map<String, List<String>> matching(String pattern) {
        Path root = Tools.repositoryRoot();
        Map<String, List<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root, 5)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = root.relativize(file).toString();
                if (path.matches(pattern)) {
                    found.put(path, Files.readAllLines(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
