package dev.twonode.simulation;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the parts of one simulation share: time, dice, the trace, and who runs.
final class World {

    private final long seed;
    private final Timeline timeline = new Timeline();
    private final Trace trace = new Trace(timeline);
    private final Swarm swarm;
    private final Dice travel;
    private @Nullable Fiber running;
    private @Nullable String violation;
    private Consumer<SimulatedNode> deletion = _ -> {};
    private Consumer<SimulatedNode> decision = _ -> {};
    private boolean changed;
    private boolean reliable;

    World(long seed, Swarm swarm) {
        this.seed = seed;
        this.swarm = swarm;
        this.travel = new Dice(seed, "travel");
    }

    Timeline timeline() {
        return timeline;
    }

    Trace trace() {
        return trace;
    }

    Swarm swarm() {
        return swarm;
    }

    Dice dice(String concern) {
        return new Dice(seed, concern);
    }

    /// How long one message takes.
    long latency() {
        return travel.between(swarm.shortestTrip(), swarm.longestTrip());
    }

    /// What becomes of a message between the nodes: the delays of its copies, none when it is lost.
    List<Long> fate() {
        if (reliable) {
            return List.of(latency());
        }
        if (travel.chance(swarm.loss())) {
            return List.of();
        }
        long first = latency();
        if (travel.chance(swarm.delay())) {
            first += travel.between(0, swarm.longestDelay());
        }
        return travel.chance(swarm.duplication())
                ? List.of(first, first + latency())
                : List.of(first);
    }

    /// From now on every message arrives once.
    void becomeReliable() {
        reliable = true;
    }

    /// Told before a node's stream is deleted.
    void beforeDeletion(Consumer<SimulatedNode> watcher) {
        deletion = watcher;
    }

    void deleting(SimulatedNode node) {
        deletion.accept(node);
    }

    /// Told when a node's state has changed.
    void whenDecided(Consumer<SimulatedNode> watcher) {
        decision = watcher;
    }

    void decided(SimulatedNode node) {
        decision.accept(node);
    }

    /// Something that must never happen has happened. The first one counts.
    void violated(String what) {
        if (violation == null) {
            violation = what;
        }
    }

    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    @Nullable Fiber running() {
        return running;
    }

    @Nullable Fiber running(@Nullable Fiber now) {
        Fiber before = running;
        running = now;
        return before;
    }

    /// Something happened that an invariant may look at.
    void touch() {
        changed = true;
    }

    boolean takeChange() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
