package dev.twonode.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Every time span of the protocol, and the inequalities between them.
///
/// @param heartbeat between two heartbeats to the peer
/// @param peerTimeout silence after which the peer counts as gone (rule G2)
/// @param dialTimeout bound of one attempt to connect
/// @param peerRetries attempts to reach the peer at a start (rule S3), 0 for no end of them
/// @param firstStartRetries the same at the very first start of the designated node
/// @param retryInterval between those attempts
/// @param shutdownTimeout bound of the handover at an orderly stop
public record Timing(
        Duration heartbeat,
        Duration peerTimeout,
        Duration dialTimeout,
        int peerRetries,
        int firstStartRetries,
        Duration retryInterval,
        Duration shutdownTimeout) {

    /// Leases of Kubernetes carry wall-clock times: where the clocks of the two machines are
    /// further apart, holders start to disagree.
    public static final Duration GREATEST_SKEW = Duration.ofSeconds(1);

    private static final Duration LEAST_HEARTBEAT = Duration.ofMillis(10);
    private static final Duration GREATEST_PEER_TIMEOUT = Duration.ofMinutes(5);

    /// The part of it that the protocol decides by.
    public dev.twonode.protocol.Timing toProtocol() {
        return new dev.twonode.protocol.Timing(
                heartbeat.toMillis(),
                peerTimeout.toMillis(),
                retryInterval.toMillis(),
                peerRetries,
                firstStartRetries);
    }

    /// What is wrong between these values, one sentence each with its reason; empty when nothing.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (heartbeat.compareTo(LEAST_HEARTBEAT) < 0) {
            problems.add(
                    "--heartbeat %s is too short: below %s the agents would be busy with heartbeats"
                            .formatted(print(heartbeat), print(LEAST_HEARTBEAT)));
        }
        if (peerTimeout.compareTo(heartbeat.multipliedBy(3)) < 0) {
            problems.add(
                    ("--peer-timeout %s is shorter than three times --heartbeat %s: a live peer"
                                    + " would count as gone after two lost heartbeats. Use at least"
                                    + " %s")
                            .formatted(
                                    print(peerTimeout),
                                    print(heartbeat),
                                    print(heartbeat.multipliedBy(3))));
        }
        if (peerTimeout.compareTo(GREATEST_PEER_TIMEOUT) > 0) {
            problems.add(
                    "--peer-timeout %s is longer than %s: writes would stop that long at a failover"
                            .formatted(print(peerTimeout), print(GREATEST_PEER_TIMEOUT)));
        }
        addDialProblems(problems);
        if (peerRetries < 0) {
            problems.add(
                    "--peer-retries %d is negative; 0 waits for the peer for ever"
                            .formatted(peerRetries));
        }
        if (shutdownTimeout.compareTo(peerTimeout) < 0) {
            problems.add(
                    ("--shutdown-timeout %s is shorter than --peer-timeout %s: a leader that ends"
                                    + " would give up its handover before it can know that the peer"
                                    + " is gone")
                            .formatted(print(shutdownTimeout), print(peerTimeout)));
        }
        return problems;
    }

    private void addDialProblems(List<String> problems) {
        if (dialTimeout.toMillis() < 1) {
            problems.add("--dial-timeout has to be longer than nothing");
        }
        if (dialTimeout.multipliedBy(3).compareTo(peerTimeout) > 0) {
            problems.add(
                    ("--dial-timeout %s is longer than a third of --peer-timeout %s: the attempt"
                                    + " that proves the silence starts at two thirds and has to be"
                                    + " over by the end")
                            .formatted(print(dialTimeout), print(peerTimeout)));
        }
        if (retryInterval.compareTo(dialTimeout) < 0) {
            problems.add(
                    ("--retry-interval %s is shorter than --dial-timeout %s: an attempt would start"
                                    + " before the one before it is over")
                            .formatted(print(retryInterval), print(dialTimeout)));
        }
    }

    private static String print(Duration duration) {
        return DurationText.print(duration);
    }
}
