package dev.twonode.nats;

import dev.twonode.contract.StoreContract;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class NatsStoreContractIT extends StoreContract {

    private final StoreFixture here = new StoreFixture();
    private final StoreFixture there = new StoreFixture();

    @AfterEach
    void closeServers() {
        here.close();
        there.close();
    }

    @Override
    protected Store store() {
        return here.store();
    }

    @Override
    protected Store otherStore() {
        return there.store();
    }

    @Override
    protected long publish(String subject, Map<String, List<String>> headers, byte[] data)
            throws StoreException {
        return here.publish(subject, headers, data);
    }

    @Override
    protected void killAndRestart() {
        here.killAndRestart();
    }

    @Override
    protected void stop() {
        here.server().kill();
    }
}
