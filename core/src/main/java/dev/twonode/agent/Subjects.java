package dev.twonode.agent;

import java.time.Duration;
import java.util.List;

/// The subjects of one bucket's agents. Agents use the long form; the short one, which people type,
/// can be given a prefix because `state` is a common word.
///
/// @param bucket the KV bucket
/// @param prefix before the plain subjects, with a dot at its end, or empty
public record Subjects(String bucket, String prefix) {

    public static final String STATE = "state";
    public static final String STATUS = "status";
    public static final String STEPDOWN = "stepdown";
    public static final String PROMOTE = "promote";
    public static final String REJOIN = "rejoin";
    public static final String PAUSE = "pause";
    public static final String RESUME = "resume";
    public static final String ORPHANS = "orphans";
    public static final String ACKNOWLEDGE = "acknowledge";
    public static final String HEARTBEAT = "heartbeat";
    public static final String PROGRESS = "progress";
    public static final String TAKEOVER = "takeover";
    public static final String WITHDRAW = "withdraw";

    /// A handover does not wait longer for a follower that is to come in sync.
    public static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    static final String STORED = "stored";

    /// Agents of one server hear of each other there.
    static final String PRESENT = "present";

    /// Whoever serves a server answers an agent that comes there.
    static final String SERVING = "serving";

    /// Nobody hears it: a server's answer that nobody does proves that the server answers.
    static final String NOBODY = "nobody";

    /// The subject that agents and the command line use.
    public String of(String word) {
        return "twonode." + bucket + "." + word;
    }

    /// The subject that people type.
    public String plain(String word) {
        return prefix + word;
    }

    /// Beginning of the subjects on which a follower's server acknowledges what a copy stores; the
    /// sequence follows. The leader's agent hears them there, without the follower's agent.
    ///
    /// @param process the follower's agent process
    /// @param copy the copy's number
    String stored(String process, long copy) {
        return of(STORED) + "." + process + "." + copy + ".";
    }

    /// Where the server tells that the bucket's stream was updated or deleted.
    List<String> streamChanges() {
        String advisories = "$JS.EVENT.ADVISORY.STREAM.";
        return List.of(advisories + "UPDATED.KV_" + bucket, advisories + "DELETED.KV_" + bucket);
    }
}
