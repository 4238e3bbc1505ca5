package dev.twonode.simulation;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Clients that write as kine does, one beside each server. They know nothing of who leads: a
/// server that is fenced refuses them, and one whose agent is dead may still take what they send.
final class Writers {

    private static final int KEYS = 40;

    private final World world;
    private final Dice dice;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private int written;
    private boolean stopped;

    /// A write that its client was told is stored.
    ///
    /// @param by where it was stored
    /// @param stored what was written; its data is unlike that of any other write
    record Acknowledged(SimulatedNode by, StoredContent stored) {}

    Writers(World world) {
        this.world = world;
        this.dice = world.dice("writers");
    }

    void begin(SimulatedNode node) {
        if (!stopped) {
            world.timeline().after(pause(), () -> begin(node));
            write(node);
        }
    }

    private long pause() {
        long usual = world.swarm().writeEvery();
        return dice.between(usual / 2, usual * 3 / 2);
    }

    private void write(SimulatedNode node) {
        SimulatedServer server = node.server();
        if (!server.isRunning() || node.isServerPaused()) {
            return;
        }
        String subject = "$KV.kine.k" + dice.below(KEYS);
        String content = "w" + (written + 1);
        try {
            long sequence =
                    server.publish(subject, Map.of(), content.getBytes(StandardCharsets.UTF_8));
            written++;
            node.wasWritten();
            acknowledged.add(new Acknowledged(node, new StoredContent(sequence, subject, content)));
            world.touch();
        } catch (StoreException refused) {
            if (refused.kind() != StoreException.Kind.REFUSED) {
                node.wasNotWritten();
            }
        }
    }

    void stop() {
        stopped = true;
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    int written() {
        return written;
    }

    /// Whether so many newer writes of its key were acknowledged that it may have made room for
    /// them, wherever those are now.
    boolean mayHaveMadeRoom(Acknowledged write) {
        return acknowledged.stream()
                        .filter(other ->
                                other.stored().subject().equals(write.stored().subject())
                                        && other.stored().sequence() > write.stored().sequence())
                        .count()
                >= Store.KINE_HISTORY;
    }

    /// The power took them.
    void forget(Predicate<StoredContent> lost) {
        acknowledged.removeIf(write -> lost.test(write.stored()));
    }
}
