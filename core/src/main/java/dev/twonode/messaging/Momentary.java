package dev.twonode.messaging;

import java.util.regex.Pattern;

/// Names that a client makes up for the moment, such as those of inboxes and consumers. They are
/// others at each attempt: with them the same trouble would be told in ever other words.
public final class Momentary {

    /// What the client library makes them of.
    private static final Pattern NAME =
            Pattern.compile("(?<![0-9A-Za-z])[0-9A-Za-z]{22}(?![0-9A-Za-z])");

    private Momentary() {}

    /// The same words with an asterisk for each such name.
    public static String without(String words) {
        return NAME.matcher(words).replaceAll("*");
    }
}
