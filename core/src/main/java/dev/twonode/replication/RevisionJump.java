package dev.twonode.replication;

import java.time.InstantSource;

/// Takes a fenced stream over revisions that clients may have seen and that are gone: placeholders
/// up to the last of them, then kine's compaction key, which is also the message that kine has to
/// find at the end in order to start (rule J1).
///
/// It may break anywhere and be run again: it goes on where the stream ends.
public final class RevisionJump {

    private final Store store;
    private final String bucket;
    private final InstantSource clock;

    /// @param store the own stream
    /// @param bucket the bucket's name
    public RevisionJump(Store store, String bucket, InstantSource clock) {
        this.store = store;
        this.bucket = bucket;
        this.clock = clock;
    }

    /// Jumps, unless the stream is not fenced with the session's mark: then somebody else has
    /// closed or opened it, and it is left as it is.
    ///
    /// @param to the sequence of the compaction key
    /// @return what the stream is afterwards
    public StreamFacts run(Session session, long to) throws StoreException {
        StreamFacts before = existing();
        boolean mine =
                before.face() instanceof Face.Fenced fence && fence.mark().equals(session.mark());
        if (!mine) {
            return before;
        }
        StreamFacts fenced = store.fence(session.mark(), session.token());
        if (fenced.lastSeq() >= to) {
            return fenced;
        }
        StoredMessage key =
                CompactionKey.at(
                        to, bucket, store.newest(CompactionKey.subject(bucket)), clock.instant());
        long last = fenced.lastSeq();
        if (last + 1 < to) {
            store.leap(session.token(), last + 1, to - 1);
        }
        try (Store.Appender appender = store.appender(session.token(), to - 1)) {
            appender.append(key);
            appender.flush();
        }
        return existing();
    }

    private StreamFacts existing() throws StoreException {
        return store.inspect()
                .orElseThrow(() ->
                        new StoreException(
                                StoreException.Kind.NO_STREAM, "the stream does not exist"));
    }
}
