package dev.twonode.cli.probe;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Txn;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/// A client of kine that writes as a Kubernetes API server does: each write is a transaction that
/// is guarded by the revision of the key's last write. Any thread may use it.
public final class KineClient implements AutoCloseable {

    private final Client client;
    private final KV kv;
    private final Duration deadline;

    /// A value and the revision of the write that it came with.
    public record Entry(String value, long revision) {}

    /// What became of a write.
    public sealed interface Outcome {

        /// It was made under this revision.
        record Done(long revision) implements Outcome {}

        /// It was not made: the key's last write is another one than was expected.
        record Conflict() implements Outcome {}

        /// Nobody said whether it was made.
        record Unknown(String why) implements Outcome {}
    }

    /// @param port where kine listens on this machine
    /// @param deadline after which an answer is not waited for any longer
    public KineClient(int port, Duration deadline) {
        // Nothing is tried again behind the caller's back: what becomes of each request counts.
        this.client =
                Client.builder()
                        .endpoints("http://127.0.0.1:" + port)
                        .waitForReady(false)
                        .retryMaxAttempts(1)
                        .build();
        this.kv = client.getKVClient();
        this.deadline = deadline;
    }

    /// Writes a key whose last write must be of that revision.
    ///
    /// @param revision 0 for a key that must not exist
    public Outcome write(String key, String value, long revision) throws InterruptedException {
        ByteSequence name = bytes(key);
        // Two forms are all that kine knows: a creation has no other branch.
        Txn guarded =
                kv.txn()
                        .If(new Cmp(name, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)))
                        .Then(Op.put(name, bytes(value), PutOption.DEFAULT));
        Txn whole = revision == 0 ? guarded : guarded.Else(Op.get(name, GetOption.DEFAULT));
        try {
            TxnResponse answer = whole.commit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return answer.isSucceeded()
                    ? new Outcome.Done(answer.getHeader().getRevision())
                    : new Outcome.Conflict();
        } catch (ExecutionException | TimeoutException e) {
            return new Outcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    /// What a key holds now.
    ///
    /// @throws IOException if nobody says
    public Optional<Entry> read(String key) throws IOException, InterruptedException {
        return get(key).getKvs().stream().findFirst().map(KineClient::entry);
    }

    /// The newest revision that kine knows of.
    ///
    /// @throws IOException if nobody says
    public long newest() throws IOException, InterruptedException {
        return get("/").getHeader().getRevision();
    }

    private GetResponse get(String key) throws IOException, InterruptedException {
        try {
            return kv.get(bytes(key)).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("kine does not say what " + key + " holds", e);
        }
    }

    /// Tells the revision of every write to keys that begin so, in the order in which kine tells of
    /// them. Returns once kine has accepted the watch.
    ///
    /// @param from the first revision to tell of
    /// @param ended told when kine ends the watch: the first revision that it still tells of if
    ///   `from` is compacted, else 0
    /// @throws IOException if it does not accept it
    public AutoCloseable watch(String prefix, long from, LongConsumer heard, LongConsumer ended)
            throws IOException, InterruptedException {
        CountDownLatch accepted = new CountDownLatch(1);
        WatchOption option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(from)
                        .withCreateNotify(true)
                        .build();
        Watch.Listener listener =
                Watch.listener(
                        answer -> {
                            accepted.countDown();
                            answer.getEvents()
                                    .forEach(each ->
                                            heard.accept(each.getKeyValue().getModRevision()));
                        },
                        failure ->
                                ended.accept(
                                        failure instanceof CompactedException compacted
                                                ? compacted.getCompactedRevision()
                                                : 0));
        Watch.Watcher watcher = client.getWatchClient().watch(bytes(prefix), option, listener);
        if (!accepted.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            watcher.close();
            throw new IOException("kine does not accept a watch");
        }
        return watcher;
    }

    @Override
    public void close() {
        client.close();
    }

    private static Entry entry(KeyValue found) {
        return new Entry(found.getValue().toString(StandardCharsets.UTF_8), found.getModRevision());
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
