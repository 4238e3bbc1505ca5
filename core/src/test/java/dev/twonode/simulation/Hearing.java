package dev.twonode.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one node could really have heard of the other, whatever it thinks: looked at after every
/// event, so that it is known for how long each way has been open.
final class Hearing {

    /// An agent that did not run for so long has to begin anew with what it believes (F2, G4).
    static final long SLEEP = 600 * Timeline.MS;

    /// How long a decision may take that rests on silence.
    private static final long MOMENT = 2_000 * Timeline.MS;

    private final World world;
    private final Map<SimulatedNode, Ears> ears = new LinkedHashMap<>();
    private long apart = Long.MIN_VALUE / 2;
    private long together;

    /// @param asked since when the peer's agent would answer through its own server
    /// @param told since when the peer's heartbeats arrive
    private record Ears(long asked, long told) {}

    Hearing(World world) {
        this.world = world;
    }

    void observe(SimulatedNode a, SimulatedNode b) {
        look(a);
        look(b);
        boolean awake = isAwake(a) && isAwake(b);
        if (hears(a) || hears(b)) {
            together = world.timeline().now();
        } else if (awake) {
            apart = world.timeline().now();
        }
    }

    private void look(SimulatedNode node) {
        long now = world.timeline().now();
        Ears before = ears.getOrDefault(node, new Ears(now, now));
        ears.put(
                node,
                new Ears(
                        mayAsk(node) ? before.asked() : now,
                        mayBeTold(node) ? before.told() : now));
    }

    private static boolean hears(SimulatedNode node) {
        return mayAsk(node) || mayBeTold(node);
    }

    private static boolean isAwake(SimulatedNode node) {
        return node.agent().filter(SimulatedAgent::isAwake).isPresent();
    }

    /// Whether the peer's agent would answer through its own server.
    private static boolean mayAsk(SimulatedNode node) {
        SimulatedNode peer = node.peer();
        return isAwake(node)
                && isAwake(peer)
                && node.reachesPeer()
                && serves(peer)
                && node.agent().orElseThrow().isLinkedToPeer()
                && peer.agent().orElseThrow().hearsFrom(peer.server().serverId());
    }

    /// Whether the peer's heartbeats arrive at the own server and from there here.
    private static boolean mayBeTold(SimulatedNode node) {
        SimulatedNode peer = node.peer();
        return isAwake(node)
                && isAwake(peer)
                && peer.reachesPeer()
                && serves(node)
                && peer.agent().orElseThrow().isLinkedToPeer()
                && node.agent().orElseThrow().hearsFrom(node.server().serverId());
    }

    private static boolean serves(SimulatedNode node) {
        return node.server().isRunning() && !node.isServerPaused();
    }

    /// For how long the peer could have been heard without a break.
    long openFor(SimulatedNode node) {
        long now = world.timeline().now();
        Ears known = ears.getOrDefault(node, new Ears(now, now));
        return now - Math.min(known.asked(), known.told());
    }

    /// Whether the two could not hear each other a moment ago, although both agents ran: the one
    /// case in which both may take the sole right.
    boolean wasApart() {
        return isUnreliable() || world.timeline().now() - apart <= MOMENT;
    }

    /// Whether the two could not hear each other although both agents ran, and never since.
    boolean isApartStill() {
        return apart > together;
    }

    /// Whether messages get lost or are held up, so that silence needs no other cause.
    boolean isUnreliable() {
        return world.swarm().loss() > 0 || world.swarm().delay() > 0;
    }
}
