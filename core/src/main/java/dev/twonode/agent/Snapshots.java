package dev.twonode.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Messaging;
import dev.twonode.node.CopyWork;
import dev.twonode.node.NodeDriver;
import dev.twonode.node.OwnStoreWork;
import dev.twonode.protocol.State;
import dev.twonode.replication.OrphanExports;
import java.io.IOException;

/// Gathers what the parts of an agent publish into one description of the node. Any thread.
final class Snapshots {

    private final StateJson json;
    private final NodeDriver driver;
    private final Parts parts;
    private final PeerReports peer;
    private final Recent recent;
    private final OrphanExports orphans;

    /// Where facts come from.
    record Parts(
            OwnStoreWork store,
            CopyWork copy,
            LinkWatches watches,
            Messaging own,
            Messaging peer,
            GatewayWork gateway) {}

    Snapshots(
            StateJson json,
            NodeDriver driver,
            Parts parts,
            PeerReports peer,
            Recent recent,
            OrphanExports orphans) {
        this.json = json;
        this.driver = driver;
        this.parts = parts;
        this.peer = peer;
        this.recent = recent;
        this.orphans = orphans;
    }

    /// The description as JSON.
    byte[] bytes() {
        State state = driver.state();
        return Wire.bytes(
                json.of(
                        new StateJson.Now(
                                state,
                                driver.report(),
                                recent.since(),
                                parts.store().newest(),
                                parts.copy().progress(),
                                troubles(state),
                                parts.own().server(),
                                peer.newest(),
                                recent.newest(),
                                exports(),
                                parts.gateway())));
    }

    /// Adds to a message for the peer how this node is, and where it reaches its server.
    void describe(ObjectNode message) {
        State state = driver.state();
        message.put("health", Advice.health(state, troubles(state)));
        message.putObject("server").put("url", json.ownUrl());
    }

    private Troubles troubles(State state) {
        return new Troubles(
                parts.copy().trouble(),
                parts.store().refusal(),
                parts.store().trouble(),
                parts.gateway().refusal(),
                parts.gateway().isStoppedAlone(state),
                parts.watches().links(parts.own(), parts.peer()));
    }

    private int exports() {
        try {
            return orphans.list().size();
        } catch (IOException e) {
            return -1;
        }
    }
}
