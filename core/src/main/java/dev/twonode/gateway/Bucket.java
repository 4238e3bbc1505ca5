package dev.twonode.gateway;

import dev.twonode.gateway.wire.Patterns;

/// The names that belong to the copied bucket.
///
/// @param name the bucket
record Bucket(String name) {

    /// Where agents write copies; no client has anything to say or to hear there.
    private static final String PRIVATE = "$TWONODE.";

    String stream() {
        return "KV_" + name;
    }

    String subjects() {
        return "$KV." + name + ".>";
    }

    /// Whether a publish to the subject writes to the bucket.
    boolean holds(String subject) {
        return subject.startsWith("$KV." + name + ".");
    }

    boolean isPrivate(String subject) {
        return subject.startsWith(PRIVATE);
    }

    /// Whether a plain subscription would be told of writes before they are on both nodes.
    boolean wouldTellEarly(String pattern) {
        return Patterns.overlap(pattern, subjects()) || Patterns.overlap(pattern, PRIVATE + ">");
    }
}
