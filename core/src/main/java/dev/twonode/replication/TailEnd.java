package dev.twonode.replication;

/// Why a tail stopped. None of them is final: compare again, then start another one.
public sealed interface TailEnd {

    /// The leader's server or stream cannot be read any more.
    record LeaderGone(StoreException.Kind kind, String why) implements TailEnd {}

    /// The own server or stream cannot be written any more.
    record OwnStoreFailed(StoreException.Kind kind, String why) implements TailEnd {}

    /// The leader's stream is no longer the one that was compared.
    record Diverged(String why) implements TailEnd {}

    /// The own stream would have given another sequence than the leader's.
    record WrongSequence(String why) implements TailEnd {}

    /// The thread was interrupted.
    record Cancelled() implements TailEnd {}

    /// Everything up to the wanted sequence is durable here.
    record Reached(long sequence) implements TailEnd {}
}
