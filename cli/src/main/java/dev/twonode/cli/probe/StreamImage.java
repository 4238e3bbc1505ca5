package dev.twonode.cli.probe;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one server's stream holds: for each sequence the subject and a digest of the message.
///
/// Streams change while they are read. A message may be missing from an image only because newer
/// ones of its subject pushed it out, as the bucket's history limit demands.
public final class StreamImage {

    /// One message.
    ///
    /// @param subject its subject
    /// @param digest checksum of its payload
    /// @param headers checksum of its headers, less those that no copy keeps
    public record Entry(String subject, long digest, long headers) {}

    private static final NavigableSet<Long> NONE = Collections.emptyNavigableSet();

    private final int history;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, NavigableSet<Long>> perSubject = new HashMap<>();

    /// @param history how many messages of one subject the stream keeps
    public StreamImage(int history) {
        this.history = history;
    }

    /// Adds a message. Sequences rise.
    public void add(long sequence, Entry entry) {
        if (!entries.isEmpty() && sequence <= entries.lastKey()) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " after " + entries.lastKey());
        }
        entries.put(sequence, entry);
        perSubject.computeIfAbsent(entry.subject(), _ -> new TreeSet<>()).add(sequence);
    }

    /// Number of messages.
    public int size() {
        return entries.size();
    }

    /// The last sequence, 0 when there is none.
    public long last() {
        return entries.isEmpty() ? 0 : entries.lastKey();
    }

    /// All messages by sequence.
    public NavigableMap<Long, Entry> entries() {
        return entries;
    }

    /// Whether this very payload is at this sequence.
    public boolean holds(long sequence, String subject, long digest) {
        Entry entry = entries.get(sequence);
        return entry != null && entry.subject().equals(subject) && entry.digest() == digest;
    }

    /// How many messages of one subject the stream keeps.
    public int history() {
        return history;
    }

    /// Sequences of the messages of a subject beyond a sequence.
    public NavigableSet<Long> sequencesAfter(long sequence, String subject) {
        return perSubject.getOrDefault(subject, NONE).tailSet(sequence, false);
    }

    /// Whether a message that is not here had to make room for newer ones of its subject.
    public boolean wasPushedOut(long sequence, String subject) {
        return !entries.containsKey(sequence)
                && sequencesAfter(sequence, subject).size() >= history;
    }
}
