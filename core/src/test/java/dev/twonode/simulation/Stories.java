package dev.twonode.simulation;

import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Stage;
import java.util.List;

/// Misfortunes that belong together, and some that come just when something was decided. What only
/// goes wrong between two steps of two nodes is hardly ever hit by chance.
final class Stories {

    private static final long SECOND = 1_000 * Timeline.MS;

    /// What strikes at a decision.
    private static final List<Misfortune> SUDDEN =
            List.of(
                    Misfortune.AGENT_KILLED,
                    Misfortune.AGENT_PAUSED,
                    Misfortune.AGENT_PAUSED,
                    Misfortune.NODE_KILLED,
                    Misfortune.NODE_PAUSED,
                    Misfortune.NODE_SUSPENDED,
                    Misfortune.SERVER_PAUSED,
                    Misfortune.SERVER_RESTARTED,
                    Misfortune.CUT,
                    Misfortune.CUT,
                    Misfortune.CUT_ONE_WAY,
                    Misfortune.DEATH_AT_THE_JOURNAL,
                    Misfortune.DEATH_BETWEEN_ACTIONS,
                    Misfortune.JOURNAL_HANGS);

    private static final int MOST_SUDDEN = 12;

    private final World world;
    private final Cluster cluster;
    private final FaultSchedule faults;
    private final Dice dice;
    private int sudden;
    private boolean marking;

    /// What happens again and again.
    enum Story {
        NONE,
        /// The lead goes to and fro.
        HANDOVERS,
        /// The follower is away for long enough that its leader goes alone, and comes back.
        FOLLOWER_AWAY,
        /// The nodes are cut off from each other, and one of them has trouble of its own.
        CUTS,
        /// One sleeps while the other goes on, and ends just when the first one wakes.
        SLEEPS,
        /// The agent of a leader alone falls silent while its follower catches up, and cannot be
        /// reached when it is back.
        MARKS
    }

    Stories(World world, Cluster cluster, FaultSchedule faults) {
        this.world = world;
        this.cluster = cluster;
        this.faults = faults;
        this.dice = world.dice("stories");
    }

    void begin() {
        world.whenDecided(this::decided);
        if (world.swarm().story() != Story.NONE) {
            again();
        }
    }

    private void again() {
        world.timeline()
                .after(
                        dice.between(1, 6) * SECOND,
                        () -> {
                            if (!faults.isOver()) {
                                tell(world.swarm().story());
                                again();
                            }
                        });
    }

    private void tell(Story story) {
        SimulatedNode leader = leader();
        SimulatedNode follower = leader.peer();
        long away = dice.between(1_700, 5_000) * Timeline.MS;
        switch (story) {
            case NONE -> {}
            case HANDOVERS -> strike(Misfortune.STEP_DOWN, leader, 0);
            case FOLLOWER_AWAY ->
                    strike(
                            dice.oneOf(List.of(Misfortune.NODE_PAUSED, Misfortune.AGENT_PAUSED)),
                            follower,
                            away);
            case CUTS -> {
                strike(Misfortune.CUT, leader, 2 * away);
                later(away, dice.oneOf(SUDDEN), dice.chance(0.5) ? leader : follower);
            }
            case SLEEPS -> {
                boolean first = dice.chance(0.5);
                SimulatedNode sleeper = first ? leader : follower;
                strike(
                        dice.oneOf(
                                List.of(
                                        Misfortune.NODE_PAUSED,
                                        Misfortune.NODE_SUSPENDED,
                                        Misfortune.AGENT_PAUSED)),
                        sleeper,
                        away);
                later(away, dice.oneOf(SUDDEN), sleeper.peer());
            }
            case MARKS -> {
                strike(Misfortune.NODE_PAUSED, follower, away);
                marking = true;
            }
        }
    }

    private void later(long around, Misfortune kind, SimulatedNode node) {
        long at = dice.between(around / 2, around + around / 10);
        long length = dice.between(200, 8_000) * Timeline.MS;
        world.timeline().after(at, () -> strike(kind, node, length));
    }

    private void strike(Misfortune kind, SimulatedNode node, long length) {
        faults.strike(kind, node, length);
    }

    private SimulatedNode leader() {
        boolean second =
                Cluster.stateOf(cluster.b())
                        .filter(state -> state instanceof Leading || state instanceof HandingOver)
                        .isPresent();
        return second ? cluster.b() : cluster.a();
    }

    /// A node's state changed.
    private void decided(SimulatedNode node) {
        State state = Cluster.stateOf(node).orElse(null);
        if (faults.isOver() || state == null) {
            return;
        }
        if (marking && isCatchingUp(node, state)) {
            marking = false;
            mark(node.peer());
        } else if (sudden < MOST_SUDDEN && dice.chance(world.swarm().nerves())) {
            sudden++;
            SimulatedNode struck = dice.chance(0.5) ? node : node.peer();
            Misfortune kind = dice.oneOf(SUDDEN);
            long length = dice.between(100, 6_000) * Timeline.MS;
            world.timeline().after(soon(), () -> strike(kind, struck, length));
        }
    }

    private long soon() {
        return switch (dice.below(4)) {
            case 0, 1 -> 0;
            case 2 -> dice.between(0, 10) * Timeline.MS;
            default -> dice.between(0, 2_000) * Timeline.MS;
        };
    }

    private static boolean isCatchingUp(SimulatedNode node, State state) {
        return state instanceof Following following
                && following.session().stage() == Stage.TAILING
                && !following.sync().granted()
                && Cluster.stateOf(node.peer()).orElse(null) instanceof Leading leading
                && leading.mode() == Mode.ALONE;
    }

    private void mark(SimulatedNode leader) {
        long silent = dice.between(1_550, 3_000) * Timeline.MS;
        boolean dies = dice.chance(0.5);
        strike(dies ? Misfortune.AGENT_KILLED : Misfortune.AGENT_PAUSED, leader, silent);
        world.timeline()
                .after(
                        dice.between(1_500, 1_700) * Timeline.MS,
                        () -> strike(Misfortune.CUT, leader, dice.between(4, 10) * SECOND));
    }
}
