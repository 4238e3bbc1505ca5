package dev.twonode.simulation;

import dev.twonode.contract.StoreContract;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The simulated store keeps the promises of the real one.
final class SimulatedStoreContractTest extends StoreContract {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00.123456789Z");

    private final SimulatedServer server = new SimulatedServer("a", () -> NOW);
    private final SimulatedServer other = new SimulatedServer("b", () -> NOW);
    private final Store store = new SimulatedStore(server, FaultPlan.NONE);
    private final Store otherStore = new SimulatedStore(other, FaultPlan.NONE);

    @Override
    protected Store store() {
        return store;
    }

    @Override
    protected Store otherStore() {
        return otherStore;
    }

    @Override
    protected long publish(String subject, Map<String, List<String>> headers, byte[] data)
            throws StoreException {
        return server.publish(subject, headers, data);
    }

    @Override
    protected void killAndRestart() {
        server.kill();
        server.start();
    }

    @Override
    protected void stop() {
        server.kill();
    }
}
