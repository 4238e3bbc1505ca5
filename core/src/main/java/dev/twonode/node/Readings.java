package dev.twonode.node;

import dev.twonode.protocol.Reading;
import dev.twonode.replication.Face;
import dev.twonode.replication.StreamFacts;

/// What the machine is told of a stream.
public final class Readings {

    private Readings() {}

    /// The machine's view of one reading.
    public static Reading of(StreamFacts facts) {
        return new Reading(
                facts.serverId(),
                facts.created(),
                face(facts.face()),
                facts.firstSeq(),
                facts.lastSeq(),
                facts.messages());
    }

    private static Reading.Face face(Face face) {
        return switch (face) {
            case Face.Open _ -> new Reading.Face.Open();
            case Face.Fenced fenced -> new Reading.Face.Fenced(fenced.mark());
            case Face.Foreign foreign -> new Reading.Face.Foreign(foreign.why());
        };
    }
}
