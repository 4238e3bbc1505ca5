package dev.twonode.simulation;

import java.util.ArrayList;
import java.util.List;

/// What kind of world a seed draws: how fast and how reliable everything is, and what may go wrong.
///
/// @param faultPhase how long things go wrong, in microseconds
/// @param shortestTrip least time of a message
/// @param longestTrip most time of a message, without a delay
/// @param loss how likely a message between the nodes is lost
/// @param duplication how likely it arrives twice
/// @param delay how likely it is held up
/// @param longestDelay how long at most
/// @param writeEvery time between the writes of one client
/// @param syncsAlways whether servers force every write to the disk
/// @param legacy whether one of the servers is of a version that cannot read the other's snapshots
/// @param stops whether diverged content waits for an operator
/// @param stopsAlone whether a leader stops when it loses its follower without a word
/// @param ahead how far beyond what is on both nodes gateways show (`--commit=leader`), 0 for no
///   further
/// @param faults how many faults there are
/// @param kinds which kinds
/// @param story what happens again and again
/// @param nerves how likely something strikes when a node's state has changed
record Swarm(
        long faultPhase,
        long shortestTrip,
        long longestTrip,
        double loss,
        double duplication,
        double delay,
        long longestDelay,
        long writeEvery,
        boolean syncsAlways,
        boolean legacy,
        boolean stops,
        boolean stopsAlone,
        long ahead,
        int faults,
        List<Misfortune> kinds,
        Stories.Story story,
        double nerves) {

    static Swarm draw(long seed) {
        Dice dice = new Dice(seed, "swarm");
        boolean lossy = dice.chance(0.3);
        boolean delaying = dice.chance(0.3);
        List<Misfortune> kinds = new ArrayList<>();
        for (Misfortune kind : Misfortune.values()) {
            if (dice.chance(0.4)) {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty()) {
            kinds.add(dice.oneOf(List.of(Misfortune.values())));
        }
        Dice plot = new Dice(seed, "story");
        Dice haste = new Dice(seed, "haste");
        Stories.Story story =
                plot.chance(0.5) ? Stories.Story.NONE : plot.oneOf(List.of(Stories.Story.values()));
        double nerves = plot.chance(0.5) ? 0 : plot.between(2, 25) / 100.0;
        long shortest = dice.between(50, 500);
        return new Swarm(
                dice.between(8_000, 40_000) * Timeline.MS,
                shortest,
                shortest * dice.between(1, 20),
                lossy ? dice.between(1, 15) / 100.0 : 0,
                dice.chance(0.2) ? 0.05 : 0,
                delaying ? dice.between(1, 5) / 100.0 : 0,
                dice.between(50, 3_000) * Timeline.MS,
                dice.between(8, 150) * Timeline.MS,
                dice.chance(0.85),
                dice.chance(0.2),
                dice.chance(0.1),
                plot.chance(0.3),
                haste.chance(0.25) ? haste.between(1, 40) : 0,
                (int) dice.between(1, dice.chance(0.25) ? 30 : 10),
                List.copyOf(kinds),
                story,
                nerves);
    }
}
