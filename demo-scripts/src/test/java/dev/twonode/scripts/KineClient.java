package dev.twonode.scripts;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Speaks to kine as the API server of Kubernetes does.
final class KineClient implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 10;

    private final Client client;

    KineClient(int port) {
        client = Client.builder().endpoints("http://127.0.0.1:" + port).build();
    }

    /// Creates a key that must not be there yet.
    ///
    /// @return whether kine took it; false when the key was there
    boolean create(String key, String value) throws InterruptedException {
        Cmp absent = new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(0));
        Op put = Op.put(bytes(key), bytes(value), PutOption.DEFAULT);
        return answer(client.getKVClient().txn().If(absent).Then(put).commit()).isSucceeded();
    }

    /// Every key that begins so, with its value.
    Map<String, String> list(String prefix) throws InterruptedException {
        GetOption all = GetOption.builder().isPrefix(true).build();
        Map<String, String> found = new TreeMap<>();
        answer(client.getKVClient().get(bytes(prefix), all))
                .getKvs()
                .forEach(one -> found.put(one.getKey().toString(), one.getValue().toString()));
        return found;
    }

    @Override
    public void close() {
        client.close();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static <T> T answer(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("kine did not answer", e);
        }
    }
}
