package dev.twonode.cli.probe;

/// One write that a leader's server acknowledged.
///
/// @param number the writer's own number for it, rising
/// @param key index of the key it went to
/// @param sequence the sequence that the server gave it
/// @param reign under whom: rises whenever another node (or a later term after another node) leads
/// @param sentNanos when it was sent, on the machine's monotonic clock
/// @param acceptedNanos when the acknowledgement arrived, on the same clock
/// @param digest checksum of its payload
public record Accepted(
        long number,
        int key,
        long sequence,
        int reign,
        long sentNanos,
        long acceptedNanos,
        long digest) {}
