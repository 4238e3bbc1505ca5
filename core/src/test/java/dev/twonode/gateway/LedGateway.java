package dev.twonode.gateway;

import dev.twonode.testing.NatsServerProcess;
import java.time.Duration;

/// A gateway without an agent before one real server, which holds the bucket and leads.
final class LedGateway implements AutoCloseable {

    final NatsServerProcess server = NatsServerProcess.start();
    final GatewayRig rig;

    /// Which process the server is.
    final String id;

    LedGateway(Duration holdTimeout) throws Exception {
        rig = new GatewayRig(holdTimeout);
        id = GatewayRig.bucketAt(server);
        putBehind(rig);
        rig.ownLeads(id, 0);
    }

    /// Makes it the server of both nodes.
    void putBehind(GatewayRig gateway) {
        gateway.servers(server.port(), server.port());
    }

    @Override
    public void close() {
        rig.close();
        server.close();
    }
}
