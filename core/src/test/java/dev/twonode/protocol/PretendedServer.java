package dev.twonode.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// One node's server with its stream, as far as the machine can tell: a face and messages.
final class PretendedServer {

    private static final Instant FIRST_DAY = Instant.parse("2026-01-01T00:00:00Z");

    private final String node;
    private int starts = 1;
    private int streams = 1;

    /// Whether the process runs.
    boolean up = true;

    /// Whether it answers although it runs: a stopped process does not.
    boolean answering = true;

    /// Whether it lets the stream be opened.
    boolean opens = true;

    boolean exists = true;
    Reading.Face face = new Reading.Face.Open();

    /// The messages' content, sequence 1 first.
    final List<String> messages = new ArrayList<>();

    /// How many of them its disk has lost in the middle.
    int lost;

    PretendedServer(String node) {
        this.node = node;
    }

    String id() {
        return "server-" + node + starts;
    }

    Instant created() {
        return FIRST_DAY.plusSeconds(node.charAt(0) * 1_000L + streams);
    }

    long lastSeq() {
        return messages.size();
    }

    Reading reading() {
        return new Reading(
                id(), created(), face, messages.isEmpty() ? 0 : 1, lastSeq(), lastSeq() - lost);
    }

    boolean isOpen() {
        return up && exists && face instanceof Reading.Face.Open;
    }

    /// Makes the stream as long as that, each message with the same content.
    void fill(long lastSeq, String content) {
        while (lastSeq() < lastSeq) {
            messages.add(content);
        }
    }

    /// Loses what was not synced to disk.
    void lose(long keptSeq) {
        while (lastSeq() > keptSeq) {
            messages.removeLast();
        }
    }

    /// A mark of the other node stays if it shall.
    void fence(Mark mark, Care care) {
        boolean foreign = exists && reading().fencedByOther(mark.by());
        if (!foreign || care == Care.NONE) {
            fence(mark);
        }
    }

    void fence(Mark mark) {
        if (!exists) {
            exists = true;
            streams++;
        }
        face = new Reading.Face.Fenced(mark);
    }

    void start() {
        up = true;
        answering = true;
        starts++;
    }

    /// A new stream in the place of this one.
    void replace(List<String> content, Mark mark) {
        streams++;
        messages.clear();
        messages.addAll(content);
        exists = true;
        face = new Reading.Face.Fenced(mark);
    }
}
