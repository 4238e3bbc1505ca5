package dev.twonode.gateway.wire;

/// Subjects with wildcards: `*` stands for one token, `>` for one or more at the end.
public final class Patterns {

    private Patterns() {}

    /// Whether a subject is one of those that the pattern stands for.
    public static boolean matches(String pattern, String subject) {
        int p = 0;
        int s = 0;
        while (p < pattern.length() && s < subject.length()) {
            int pEnd = tokenEnd(pattern, p);
            int sEnd = tokenEnd(subject, s);
            if (isToken(pattern, p, pEnd, '>')) {
                return true;
            }
            boolean same =
                    isToken(pattern, p, pEnd, '*')
                            || (pEnd - p == sEnd - s
                                    && pattern.regionMatches(p, subject, s, pEnd - p));
            if (!same) {
                return false;
            }
            p = pEnd + 1;
            s = sEnd + 1;
        }
        return p > pattern.length() && s > subject.length();
    }

    /// Whether any subject matches both patterns.
    public static boolean overlap(String one, String other) {
        int a = 0;
        int b = 0;
        while (a < one.length() && b < other.length()) {
            int aEnd = tokenEnd(one, a);
            int bEnd = tokenEnd(other, b);
            if (isToken(one, a, aEnd, '>') || isToken(other, b, bEnd, '>')) {
                return true;
            }
            boolean same =
                    isToken(one, a, aEnd, '*')
                            || isToken(other, b, bEnd, '*')
                            || (aEnd - a == bEnd - b && one.regionMatches(a, other, b, aEnd - a));
            if (!same) {
                return false;
            }
            a = aEnd + 1;
            b = bEnd + 1;
        }
        return a > one.length() && b > other.length();
    }

    private static int tokenEnd(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static boolean isToken(String text, int from, int to, char wildcard) {
        return to - from == 1 && text.charAt(from) == wildcard;
    }
}
