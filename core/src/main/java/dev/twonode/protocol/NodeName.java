package dev.twonode.protocol;

import java.util.regex.Pattern;

/// The name by which one node of the pair is known: 1 to 63 characters, letters, digits, `-` and
/// `_`, so that it fits into a NATS subject, a file name and a log line as it is.
///
/// @param value the name itself
public record NodeName(String value) implements Comparable<NodeName> {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,63}");

    public NodeName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a node's name is 1 to 63 letters, digits, '-' or '_', not '" + value + "'");
        }
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
