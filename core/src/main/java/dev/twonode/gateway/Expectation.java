package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import org.jspecify.annotations.Nullable;

/// The condition of a guarded write. It lets the write's outcome be found out later: the first
/// message behind the expected sequence is either this write or the proof that it was not taken.
///
/// @param sequence the sequence that was expected to be the last
/// @param ofSubject whether the last one of the subject is meant, not of the whole stream
record Expectation(long sequence, boolean ofSubject) {

    static @Nullable Expectation of(Frame.Publish publish) {
        if (!publish.hasHeaders()) {
            return null;
        }
        boolean elsewhere = publish.header("Nats-Expected-Last-Subject-Sequence-Subject") != null;
        Long bySubject = number(publish.header("Nats-Expected-Last-Subject-Sequence"));
        if (bySubject != null && !elsewhere) {
            return new Expectation(bySubject, true);
        }
        Long byStream = number(publish.header("Nats-Expected-Last-Sequence"));
        return byStream == null ? null : new Expectation(byStream, false);
    }

    private static @Nullable Long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 18) {
            return null;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.valueOf(text) : null;
    }
}
