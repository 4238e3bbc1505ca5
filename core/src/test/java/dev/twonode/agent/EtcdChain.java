package dev.twonode.agent;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Txn;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Writes one key through kine as Kubernetes does, each time only if its last write is still the
/// newest, and remembers the revisions it was told. A write may take ten seconds.
final class EtcdChain implements AutoCloseable {

    private static final long DEADLINE_S = 10;

    private final Client client;
    private final KV kv;
    private final ByteSequence key;
    private final Thread writer;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Long> micros = new ArrayList<>();
    private volatile boolean stop;

    EtcdChain(String url, String key) {
        this.client = Client.builder().endpoints(url).build();
        this.kv = client.getKVClient();
        this.key = bytes("/registry/" + key);
        this.writer = Thread.ofPlatform().name("etcd-" + key).start(this::writeAll);
    }

    private void writeAll() {
        long revision = 0;
        try {
            for (int number = 1; !stop; number++) {
                long begun = System.nanoTime();
                revision = write(revision, "value " + number);
                synchronized (this) {
                    acknowledged.add(revision);
                    micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
                }
            }
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            synchronized (this) {
                failures.add("after " + revision + ": " + e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    private long write(long revision, String value)
            throws ExecutionException, InterruptedException, TimeoutException {
        Txn guarded =
                kv.txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)))
                        .Then(Op.put(key, bytes(value), PutOption.DEFAULT));
        if (revision > 0) {
            guarded = guarded.Else(Op.get(key, GetOption.DEFAULT));
        }
        TxnResponse answer = guarded.commit().get(DEADLINE_S, TimeUnit.SECONDS);
        if (!answer.isSucceeded()) {
            throw new IllegalStateException("somebody else wrote, or this write was made twice");
        }
        return answer.getHeader().getRevision();
    }

    /// What the key holds.
    String value() throws ExecutionException, InterruptedException, TimeoutException {
        return kv.get(key)
                .get(DEADLINE_S, TimeUnit.SECONDS)
                .getKvs()
                .getFirst()
                .getValue()
                .toString(StandardCharsets.UTF_8);
    }

    synchronized int size() {
        return acknowledged.size();
    }

    synchronized List<Long> acknowledged() {
        return List.copyOf(acknowledged);
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /// How long the writes took since the last time this was asked.
    synchronized List<Long> takeMicros() {
        List<Long> taken = micros.stream().sorted().toList();
        micros.clear();
        return taken;
    }

    void stop() throws InterruptedException {
        stop = true;
        stopped.await(2 * DEADLINE_S, TimeUnit.SECONDS);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        stop = true;
        writer.interrupt();
        client.close();
    }
}
