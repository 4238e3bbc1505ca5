package dev.twonode.replication;

/// The two streams of a replication session.
///
/// @param own the follower's store, on this node's server
/// @param leader the leader's store, on the peer's server
public record Stores(Store own, Store leader) {

    /// One call on a store.
    @FunctionalInterface
    interface Call<T> {
        T on(Store store) throws StoreException;
    }

    /// Says that a copy will be opened soon.
    public void expectCopy() {
        own.expectCopy();
        leader.expectCopy();
    }

    <T> T onOwn(Call<T> call) throws CopyException {
        return on(CopyException.Side.OWN, own, call);
    }

    <T> T onLeader(Call<T> call) throws CopyException {
        return on(CopyException.Side.LEADER, leader, call);
    }

    StreamFacts ownFacts() throws CopyException {
        return onOwn(Stores::existing);
    }

    StreamFacts leaderFacts() throws CopyException {
        return onLeader(Stores::existing);
    }

    private static StreamFacts existing(Store store) throws StoreException {
        return store.inspect()
                .orElseThrow(() ->
                        new StoreException(
                                StoreException.Kind.NO_STREAM, "the stream does not exist"));
    }

    private static <T> T on(CopyException.Side side, Store store, Call<T> call)
            throws CopyException {
        try {
            return call.on(store);
        } catch (StoreException failure) {
            throw new CopyException(side, failure);
        }
    }
}
