package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

final class DifferencesTest {

    private final TwoServers servers;

    DifferencesTest() throws StoreException {
        servers = new TwoServers(1);
    }

    /// Its end may come only when it has written as much as this side holds beyond it.
    @Test
    void whatABusyLeaderWritesMeanwhileIsNotWaitedFor() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.writeToOwn(100);
        List<Long> compared = new ArrayList<>();
        LongConsumer busy =
                at -> {
                    compared.add(at);
                    try {
                        servers.writeToLeader(1);
                    } catch (StoreException e) {
                        throw new AssertionError(e);
                    }
                };

        Differences found = Differences.above(5, 105, servers.stores, busy);

        List<Long> own =
                servers.own.content().stream()
                        .map(StoredMessage::sequence)
                        .filter(sequence -> sequence > 5)
                        .toList();
        assertThat(compared).isEqualTo(own);
        assertThat(found.count()).isEqualTo(own.size());
    }
}
