package dev.twonode.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules' page names the rules that code and tests cite, and no others.
class RulesDocumentTest {

    private static final Pattern NAMED = Pattern.compile("^- \\*\\*([TKSFGAHCJ]\\d)\\*\\*");
    private static final Pattern CITED = Pattern.compile("\\b([TKSFGAHCJ])(\\d)\\b");
    private static final Pattern RANGE = Pattern.compile("\\b([TKSFGAHCJ])(\\d) to \\1(\\d)\\b");
    private static final Path PROTOCOL = Path.of("java/dev/twonode/protocol");

    @Test
    void theCodeCitesEveryRuleAndNoOther() throws IOException {
        assertThat(cited(Path.of("src/main").resolve(PROTOCOL))).isEqualTo(named());
    }

    @Test
    void theTestsCiteEveryRuleAndNoOther() throws IOException {
        assertThat(cited(Path.of("src/test").resolve(PROTOCOL))).isEqualTo(named());
    }

    @Test
    void noOtherPackageCitesARuleThatIsNotThere() throws IOException {
        try (Stream<Path> packages = Files.walk(Path.of("src"))) {
            for (Path one : packages.filter(Files::isDirectory).toList()) {
                assertThat(named()).as(one.toString()).containsAll(cited(one));
            }
        }
    }

    private static SortedSet<String> named() throws IOException {
        SortedSet<String> rules = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("RULES.md"))) {
            Matcher matcher = NAMED.matcher(line);
            if (matcher.find()) {
                rules.add(matcher.group(1));
            }
        }
        return rules;
    }

    /// The rules that comments cite.
    private static SortedSet<String> cited(Path folder) throws IOException {
        SortedSet<String> rules = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("///"))
                        .forEach(line -> collect(line, rules));
            }
        }
        return rules;
    }

    private static void collect(String line, SortedSet<String> rules) {
        Matcher range = RANGE.matcher(line);
        while (range.find()) {
            int last = Integer.parseInt(range.group(3));
            for (int i = Integer.parseInt(range.group(2)); i <= last; i++) {
                rules.add(range.group(1) + i);
            }
        }
        Matcher one = CITED.matcher(line);
        while (one.find()) {
            rules.add(one.group(1) + one.group(2));
        }
    }
}
