package dev.twonode.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages for developers are short, and say nothing of tests that are gone.
class PagesTest {

    /// Two screens.
    private static final int MOST_LINES = 120;

    /// A test's name is a sentence.
    private static final Pattern CITED = Pattern.compile("`([a-z][a-zA-Z]{24,})`");

    private static final Pattern WRITTEN = Pattern.compile("void (\\w+)\\(");

    @Test
    void theOverviewFitsTwoScreens() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @Test
    void everyTestThatShowsWhyAChoiceWasMadeIsThere() throws IOException {
        SortedSet<String> cited = matches(CITED, Files.readString(Path.of("CHOICES.md")));

        assertThat(cited).hasSizeGreaterThan(20);
        assertThat(tests()).containsAll(cited);
    }

    private static SortedSet<String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> sources = files.filter(it -> it.toString().endsWith(".java")).toList();
            SortedSet<String> names = new TreeSet<>();
            for (Path source : sources) {
                names.addAll(matches(WRITTEN, Files.readString(source)));
            }
            return names;
        }
    }

    private static SortedSet<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult it) -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
