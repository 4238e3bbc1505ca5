package dev.twonode.simulation;

import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Two whole nodes in a world that is drawn from a seed. Things go wrong for a while; then
/// everything is mended, and the two have to become a pair again by themselves.
final class Simulation {

    private static final long SECOND = 1_000 * Timeline.MS;

    /// How long the two may take to be a pair again.
    private static final long TO_AGREE = 45 * SECOND;

    /// How long the follower may then take to be level.
    private static final long TO_BE_LEVEL = 20 * SECOND;

    private final long seed;
    private final World world;
    private final Cluster cluster;
    private final FaultSchedule schedule;
    private final Stories stories;
    private final List<Invariant> invariants =
            List.of(
                    new OneLeaderPerTerm(),
                    new NumbersRise(),
                    new CommitNeverFalls(),
                    new CommittedIsKept(),
                    new CommittedIsOnBoth(),
                    new InSyncIsPrefix(),
                    new PromisesAreJournalled(),
                    new SilenceIsProven(),
                    new ShownIsKept(),
                    new TermsAreDistinct());

    /// What a simulation came to.
    ///
    /// @param hash differs as soon as anything happens differently
    /// @param written how many writes were acknowledged
    /// @param millis how much simulated time passed
    record Outcome(long hash, int written, long millis) {}

    /// @param folder an empty folder for the nodes' state
    Simulation(long seed, Path folder) {
        this(seed, Swarm.draw(seed), folder);
    }

    Simulation(long seed, Swarm swarm, Path folder) {
        this.seed = seed;
        this.world = new World(seed, swarm);
        SimulatedNode a = new SimulatedNode(world, "a", true, folder);
        SimulatedNode b = new SimulatedNode(world, "b", false, folder);
        a.meet(b);
        b.meet(a);
        if (swarm.legacy()) {
            b.server().setVersion("2.12.1");
        }
        Hearing hearing = new Hearing(world);
        this.cluster = new Cluster(world, a, b, new Writers(world), new Ledger(hearing), hearing);
        this.schedule = new FaultSchedule(world, cluster);
        this.stories = new Stories(world, cluster, schedule);
        world.beforeDeletion(node ->
                OrphansAreExported.beforeDeletion(node)
                        .ifPresent(what -> world.violated("OrphansAreExported: " + what)));
    }

    /// Keeps all of the trace.
    Simulation traced() {
        world.trace().keepAll();
        return this;
    }

    List<String> trace() {
        return world.trace().lines();
    }

    /// Lets it all happen.
    ///
    /// @throws AssertionError when something happened that must not
    Outcome run() {
        try {
            begin();
            runUntil(world.swarm().faultPhase());
            schedule.heal();
            long agreedBy = world.timeline().now() + TO_AGREE;
            while (!isPair()) {
                within(agreedBy, "the two did not become a pair again");
                cluster.nodes().forEach(Operator::decide);
            }
            cluster.writers().stop();
            long levelBy = world.timeline().now() + TO_BE_LEVEL;
            while (!isPair() || !isLevel()) {
                within(levelBy, "the follower did not come level");
                cluster.nodes().forEach(Operator::decide);
            }
            OrphansAreExported.atTheEnd(cluster)
                    .ifPresent(what -> fail("OrphansAreExported: " + what));
            return new Outcome(
                    world.trace().hash(),
                    cluster.writers().written(),
                    world.timeline().now() / Timeline.MS);
        } catch (IllegalStateException defect) {
            throw new AssertionError(failure(defect.toString()), defect);
        } finally {
            cluster.nodes().forEach(node -> node.killAgent("the end"));
        }
    }

    private void begin() {
        Dice dice = world.dice("begin");
        for (SimulatedNode node : cluster.nodes()) {
            world.timeline().after(dice.between(0, 2) * SECOND, node::startAgent);
            cluster.writers().begin(node);
            lateArrivals(node, dice);
        }
        schedule.begin();
        stories.begin();
    }

    private void lateArrivals(SimulatedNode node, Dice dice) {
        world.timeline()
                .after(
                        dice.between(20, 700) * Timeline.MS,
                        () -> {
                            if (!node.isServerPaused() && node.server().deliverLate() > 0) {
                                world.touch();
                            }
                            lateArrivals(node, dice);
                        });
    }

    private void runUntil(long time) {
        boolean[] reached = {false};
        world.timeline().at(time, () -> reached[0] = true);
        while (!reached[0]) {
            next();
        }
    }

    private void within(long bound, String otherwise) {
        if (world.timeline().now() > bound) {
            fail(
                    "EndsWell: %s: a %s, b %s"
                            .formatted(otherwise, words(cluster.a()), words(cluster.b())));
        }
        runUntil(world.timeline().now() + SECOND / 4);
    }

    private static String words(SimulatedNode node) {
        return Cluster.stateOf(node)
                .map(state -> Words.state(state) + " " + state.reason())
                .orElse("without an agent");
    }

    private void next() {
        world.timeline().next();
        cluster.hearing().observe(cluster.a(), cluster.b());
        if (world.takeChange()) {
            cluster.nodes().forEach(cluster.ledger()::observe);
            for (Invariant invariant : invariants) {
                invariant.check(cluster).ifPresent(what -> fail(invariant.name() + ": " + what));
            }
        }
        world.violation().ifPresent(this::fail);
    }

    private boolean isPair() {
        return isPair(cluster.a(), cluster.b()) || isPair(cluster.b(), cluster.a());
    }

    private static boolean isPair(SimulatedNode one, SimulatedNode other) {
        State leader = Cluster.stateOf(one).orElse(null);
        State follower = Cluster.stateOf(other).orElse(null);
        return leader instanceof Leading leading
                && leading.mode() == Mode.BOTH
                && follower instanceof Following following
                && following.sync().granted()
                && following.term().equals(leading.term());
    }

    private boolean isLevel() {
        Optional<Long> a = cluster.a().server().facts().map(facts -> facts.lastSeq());
        Optional<Long> b = cluster.b().server().facts().map(facts -> facts.lastSeq());
        return a.equals(b)
                && StoredContent.of(cluster.a().server())
                        .equals(StoredContent.of(cluster.b().server()));
    }

    private void fail(String what) {
        throw new AssertionError(failure(what));
    }

    private String failure(String what) {
        return "seed %d: %s%n%s%n%s"
                .formatted(
                        seed,
                        what,
                        world.swarm(),
                        String.join(System.lineSeparator(), world.trace().lines()));
    }
}
