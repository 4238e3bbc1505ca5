package dev.twonode.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Words that are not used anywhere, in code, comments, scripts or pages, and what to say instead.
final class WordRules {

    private record Word(String rule, Pattern pattern, String instead) {
        private Word(String rule, String regex, String instead) {
            this(rule, Pattern.compile(regex), instead);
        }
    }

    private static final List<Word> WORDS =
            List.of(
                    // The JDK's own names for the start of its time scale stay allowed.
                    new Word(
                            "words",
                            "(?i)(?<!\\.|of|to|get)epoch(?!(Milli|Second|Day))",
                            "a leader's number is a term"),
                    new Word("words", "(?i)(?<![a-z])(primary|master)(?![a-z])", "say leader"),
                    new Word("words", "(?i)(?<![a-z])(standby|slave)(?![a-z])", "say follower"),
                    new Word(
                            "markers",
                            "\\b(TODO|FIXME|XXX|HACK)\\b",
                            "do it now, or say in the page for readers what is missing"),
                    new Word(
                            "rulers",
                            "^\\s*(//|#|\\*)\\s*([-=*#~])\\2{3}",
                            "a file that needs banners is several files"),
                    new Word(
                            "paths",
                            "(?<![\\w}])/(root|work|farm|home/[a-z])/",
                            "a path of one person's machine means nothing to a reader"));

    private WordRules() {}

    static List<Finding> check(String path, List<String> lines) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            for (Word word : WORDS) {
                Matcher matcher = word.pattern().matcher(lines.get(i));
                if (matcher.find()) {
                    String what = "\"" + matcher.group().strip() + "\": " + word.instead();
                    findings.add(new Finding(word.rule(), path, i + 1, what));
                }
            }
        }
        return findings;
    }
}
