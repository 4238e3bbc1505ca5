package dev.twonode.testing;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// An etcd client that asks a kine for what a Kubernetes API server asks for, in the very
/// transactions that kine knows: create, guarded update, guarded delete, compaction; besides
/// ranges, leases and watches. Any thread may use it.
public final class EtcdClient implements AutoCloseable {

    /// The key with which API servers agree on who compacts.
    private static final ByteSequence COMPACTION = bytes("compact_rev_key");

    private final Client client;
    private final KV kv;
    private final Duration deadline;

    /// A key and what it holds.
    ///
    /// @param revision of its last write
    /// @param created revision of its first
    /// @param lease its lease, 0 for none
    public record Entry(String key, String value, long revision, long created, long lease) {}

    /// The answer to a range.
    ///
    /// @param revision at which it holds
    public record Listing(long revision, List<Entry> entries) {

        public Listing {
            entries = List.copyOf(entries);
        }
    }

    /// What became of a write.
    public sealed interface Outcome {

        /// It was made under this revision.
        record Done(long revision) implements Outcome {}

        /// It was not made: the key is not as the write expected.
        ///
        /// @param present what the key holds instead; null when it is absent, or was not told
        record Conflict(@Nullable Entry present) implements Outcome {}

        /// Nobody said whether it was made.
        record Unknown(String why) implements Outcome {}

        /// The revision of a write that was made.
        default long revision() {
            if (this instanceof Done(long revision)) {
                return revision;
            }
            throw new AssertionError("not written: " + this);
        }
    }

    /// A read that could not be answered.
    public static final class ReadFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReadFailed(Throwable cause) {
            super(cause.getMessage(), cause);
        }

        /// Whether the revision asked for is compacted.
        public boolean isCompacted() {
            return String.valueOf(getMessage()).contains("compacted");
        }
    }

    /// A client whose requests may take ten seconds each.
    ///
    /// @param url where kine listens, such as [KineProcess#url()]
    public EtcdClient(String url) {
        this(url, Duration.ofSeconds(10));
    }

    /// @param deadline after which an answer is not waited for any longer
    public EtcdClient(String url, Duration deadline) {
        this.client = Client.builder().endpoints(url).build();
        this.kv = client.getKVClient();
        this.deadline = deadline;
    }

    /// Writes a key that must not exist.
    public Outcome create(String key, String value) throws InterruptedException {
        return create(key, value, 0);
    }

    /// Writes a key that must not exist, for as long as a lease lasts.
    public Outcome create(String key, String value, long lease) throws InterruptedException {
        return outcome(
                kv.txn()
                        .If(unchanged(key, 0))
                        .Then(Op.put(bytes(key), bytes(value), leased(lease)))
                        .commit());
    }

    /// Writes a key whose last write must be of that revision.
    public Outcome update(String key, String value, long revision) throws InterruptedException {
        return update(key, value, revision, 0);
    }

    /// Writes a key whose last write must be of that revision, for as long as a lease lasts.
    public Outcome update(String key, String value, long revision, long lease)
            throws InterruptedException {
        return outcome(
                kv.txn()
                        .If(unchanged(key, revision))
                        .Then(Op.put(bytes(key), bytes(value), leased(lease)))
                        .Else(Op.get(bytes(key), GetOption.DEFAULT))
                        .commit());
    }

    /// Removes a key whose last write must be of that revision.
    public Outcome delete(String key, long revision) throws InterruptedException {
        return outcome(
                kv.txn()
                        .If(unchanged(key, revision))
                        .Then(Op.delete(bytes(key), DeleteOption.DEFAULT))
                        .Else(Op.get(bytes(key), GetOption.DEFAULT))
                        .commit());
    }

    /// What a key holds now.
    public Optional<Entry> get(String key) throws InterruptedException {
        return list(kv.get(bytes(key))).entries().stream().findFirst();
    }

    /// All keys that begin so, as they are now.
    public Listing list(String prefix) throws InterruptedException {
        return list(prefix, 0);
    }

    /// All keys that begin so, as they were at a revision.
    ///
    /// @param revision 0 for now
    public Listing list(String prefix, long revision) throws InterruptedException {
        GetOption option = GetOption.builder().isPrefix(true).withRevision(revision).build();
        return list(kv.get(bytes(prefix), option));
    }

    /// What a key held at a revision.
    public Optional<Entry> get(String key, long revision) throws InterruptedException {
        GetOption option = GetOption.builder().withRevision(revision).build();
        return list(kv.get(bytes(key), option)).entries().stream().findFirst();
    }

    /// Grants a lease.
    public long lease(Duration time) throws InterruptedException {
        return answer(client.getLeaseClient().grant(time.toSeconds())).getID();
    }

    /// Compacts up to a revision as API servers do: whoever writes the next version of the key on
    /// which they agree may.
    ///
    /// @param version the version expected, 0 the first time
    public Outcome compact(long version, long revision) throws InterruptedException {
        Outcome agreed =
                outcome(
                        kv.txn()
                                .If(new Cmp(COMPACTION, Cmp.Op.EQUAL, CmpTarget.version(version)))
                                .Then(
                                        Op.put(
                                                COMPACTION,
                                                bytes(Long.toString(revision)),
                                                PutOption.DEFAULT))
                                .Else(Op.get(COMPACTION, GetOption.DEFAULT))
                                .commit());
        if (agreed instanceof Outcome.Done) {
            answer(kv.compact(revision));
        }
        return agreed;
    }

    /// Watches all keys that begin so.
    ///
    /// @param fromRevision the first revision to be told of, 0 for what comes from now on
    public EtcdWatch watch(String prefix, long fromRevision) {
        return new EtcdWatch(client.getWatchClient(), prefix, fromRevision);
    }

    private static Cmp unchanged(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    private static PutOption leased(long lease) {
        return PutOption.builder().withLeaseId(lease).build();
    }

    private Outcome outcome(CompletableFuture<TxnResponse> asked) throws InterruptedException {
        try {
            TxnResponse answer = asked.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return answer.isSucceeded()
                    ? new Outcome.Done(answer.getHeader().getRevision())
                    : new Outcome.Conflict(present(answer));
        } catch (ExecutionException | TimeoutException e) {
            return new Outcome.Unknown(String.valueOf(e));
        }
    }

    private static @Nullable Entry present(TxnResponse answer) {
        return answer.getGetResponses().stream()
                .flatMap(found -> found.getKvs().stream())
                .findFirst()
                .map(EtcdClient::entry)
                .orElse(null);
    }

    private Listing list(CompletableFuture<GetResponse> asked) throws InterruptedException {
        GetResponse answer = answer(asked);
        return new Listing(
                answer.getHeader().getRevision(),
                answer.getKvs().stream().map(EtcdClient::entry).toList());
    }

    private <T> T answer(CompletableFuture<T> asked) throws InterruptedException {
        try {
            return asked.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ReadFailed(e);
        }
    }

    static Entry entry(KeyValue found) {
        return new Entry(
                found.getKey().toString(StandardCharsets.UTF_8),
                found.getValue().toString(StandardCharsets.UTF_8),
                found.getModRevision(),
                found.getCreateRevision(),
                found.getLease());
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
