package dev.twonode.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a misspelt word was meant to be.
public final class NearestWord {

    private NearestWord() {}

    /// The candidate with the fewest edits, if so few that a slip is likely.
    public static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt((String c) -> edits(word, c)).thenComparing(c -> c))
                .filter(c -> edits(word, c) <= Math.max(1, Math.min(word.length(), 9) / 3));
    }

    /// ` (did you mean X?)` or nothing, to be put behind a message.
    public static String hint(String word, Collection<String> candidates) {
        return to(word, candidates).map(c -> " (did you mean '" + c + "'?)").orElse("");
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words.
    private static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = cell(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cell(int[][] d, String a, String b, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
    }
}
