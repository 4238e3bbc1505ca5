package dev.twonode.cli.faults;

import dev.twonode.testing.EtcdClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Two writers at each kine.
final class KineLoad implements AutoCloseable {

    private static final int WRITERS = 2;

    private final List<KineWriter> writers = new ArrayList<>();

    /// @param clients of the kines by their names
    /// @param prefix of all keys, used by no other load
    KineLoad(Map<String, EtcdClient> clients, String prefix, KineLedger ledger) {
        clients.forEach((kine, etcd) -> {
            for (int i = 0; i < WRITERS; i++) {
                String own = "%s%s%d/".formatted(prefix, kine, i);
                writers.add(new KineWriter(kine, etcd, own, ledger));
            }
        });
    }

    /// Ends all writers once they have the answers that they wait for.
    @Override
    public void close() {
        writers.forEach(KineWriter::close);
        writers.clear();
    }
}
