package dev.twonode.simulation;

import dev.twonode.protocol.Event;
import java.util.List;

/// What goes wrong in one simulation, and when: drawn from its seed before it begins.
final class FaultSchedule {

    private static final double REFUSING = 0.3;
    private static final double FAILING = 0.3;
    private static final long SECOND = 1_000 * Timeline.MS;
    private static final int MOST_PLACES = 120;
    private static final int MOST_WRITES = 12;

    private final World world;
    private final Cluster cluster;
    private final Dice dice;
    private boolean healed;

    FaultSchedule(World world, Cluster cluster) {
        this.world = world;
        this.cluster = cluster;
        this.dice = world.dice("faults");
    }

    void begin() {
        Swarm swarm = world.swarm();
        for (int i = 0; i < swarm.faults(); i++) {
            Misfortune kind = dice.oneOf(swarm.kinds());
            SimulatedNode node = dice.chance(0.5) ? cluster.a() : cluster.b();
            long at = dice.between(swarm.faultPhase() / 20, swarm.faultPhase());
            long length = length();
            world.timeline().at(at, () -> strike(kind, node, length));
        }
        refuse(swarm);
        fail(swarm);
    }

    /// In some worlds a server does not open its stream for a while. Drawn apart, so that the other
    /// worlds stay as they are.
    private void refuse(Swarm swarm) {
        Dice own = world.dice("openings");
        if (!own.chance(REFUSING)) {
            return;
        }
        SimulatedNode node = own.chance(0.5) ? cluster.a() : cluster.b();
        long length = own.between(1, 40) * SECOND;
        world.timeline()
                .at(
                        own.between(swarm.faultPhase() / 20, swarm.faultPhase()),
                        () -> {
                            if (!healed) {
                                setOpens(node, false);
                                world.timeline().after(length, () -> setOpens(node, true));
                            }
                        });
    }

    /// In some worlds the disk under a server fails for a while.
    private void fail(Swarm swarm) {
        Dice own = world.dice("failing disks");
        if (!own.chance(FAILING)) {
            return;
        }
        SimulatedNode node = own.chance(0.5) ? cluster.a() : cluster.b();
        long length = own.between(1, 20) * SECOND;
        world.timeline()
                .at(
                        own.between(swarm.faultPhase() / 20, swarm.faultPhase()),
                        () -> {
                            if (!healed) {
                                setStuck(node, true);
                                world.timeline().after(length, () -> setStuck(node, false));
                            }
                        });
    }

    private void setStuck(SimulatedNode node, boolean value) {
        world.trace().note(() -> node + "  # disk fails: " + value);
        node.server().setStuck(value);
    }

    private void setOpens(SimulatedNode node, boolean value) {
        world.trace().note(() -> node + "  # opens its stream: " + value);
        node.server().setOpens(value);
    }

    /// Short ones matter as much as long ones: around the time-outs more depends on them.
    private long length() {
        return switch (dice.below(4)) {
            case 0 -> dice.between(1, 400) * Timeline.MS;
            case 1 -> dice.between(400, 2_500) * Timeline.MS;
            case 2 -> dice.between(2, 10) * SECOND;
            default -> dice.between(5, 60) * SECOND;
        };
    }

    boolean isOver() {
        return healed;
    }

    void strike(Misfortune kind, SimulatedNode node, long length) {
        if (healed) {
            return;
        }
        world.trace().note(() -> node + "  # " + kind + " " + length / Timeline.MS + " ms");
        switch (kind) {
            case AGENT_KILLED -> node.killAgent("by the schedule");
            case SERVER_KILLED -> node.killServer();
            case SERVER_RESTARTED -> node.killServer(dice.between(1, 60) * Timeline.MS);
            case NODE_KILLED -> {
                node.killServer();
                node.killAgent("with its server");
            }
            case POWER_CUT -> cutPower(node);
            case BOTH_CUT -> {
                cutPower(node);
                cutPower(node.peer());
            }
            case AGENT_PAUSED -> pauseAgent(node, length, false);
            case SERVER_PAUSED -> pauseServer(node, length);
            case NODE_PAUSED -> {
                pauseServer(node, length);
                pauseAgent(node, length, false);
            }
            case NODE_SUSPENDED -> {
                pauseServer(node, length);
                pauseAgent(node, length, true);
            }
            case CUT -> {
                cut(node, length);
                cut(node.peer(), length);
            }
            case CUT_ONE_WAY -> cut(node, length);
            case CLOCK_JUMP -> jump(node, dice.chance(0.5) ? length : -length);
            case DISK_FULL -> {
                node.server().setDiskFull(true);
                world.timeline().after(length, () -> node.server().setDiskFull(false));
            }
            case JOURNAL_FULL -> {
                node.setJournalFails(true);
                world.timeline().after(length, () -> node.setJournalFails(false));
            }
            case JOURNAL_HANGS -> hang(node, length);
            case DEATH_BETWEEN_ACTIONS -> node.agentDoom().in(dice.between(1, MOST_PLACES));
            case NODE_DEATH_BETWEEN_ACTIONS -> {
                node.setDiesTogether(true);
                node.agentDoom().in(dice.between(1, MOST_PLACES));
            }
            case DEATH_AT_THE_JOURNAL -> {
                node.setDiesTogether(dice.chance(0.3));
                node.journalDoom().in(dice.between(1, MOST_WRITES));
            }
            case SERVER_DEATH_AT_CALL -> node.serverDoom().in(dice.between(1, MOST_PLACES));
            case STEP_DOWN -> {
                stepDown(cluster.a());
                stepDown(cluster.b());
            }
            case STOP ->
                    node.agent()
                            .ifPresent(agent ->
                                    agent.run(() ->
                                            agent.post(
                                                    new Event.StopAsked(agent.clock().millis()))));
            case SUSPENSION -> suspend(node, length);
        }
    }

    /// A machine that sleeps sets no clock.
    private static void jump(SimulatedNode node, long by) {
        if (node.agent().filter(SimulatedAgent::isAwake).isPresent()) {
            node.jump(by);
        }
    }

    private void hang(SimulatedNode node, long length) {
        node.setJournalHangs(true);
        world.timeline().after(length, () -> node.setJournalHangs(false));
    }

    private void cutPower(SimulatedNode node) {
        int kept = dice.below(node.server().unsynced() + 1);
        cluster.powerFails(node, kept);
    }

    private void pauseAgent(SimulatedNode node, long length, boolean asleep) {
        node.agent()
                .ifPresent(agent -> {
                    agent.pause(asleep);
                    world.timeline().after(length, agent::resume);
                });
    }

    private void pauseServer(SimulatedNode node, long length) {
        node.pauseServer();
        String process = node.server().serverId();
        world.timeline()
                .after(
                        length,
                        () -> {
                            if (process.equals(node.server().serverId())) {
                                node.resumeServer();
                            }
                        });
    }

    private void cut(SimulatedNode node, long length) {
        node.setReachesPeer(false);
        world.timeline().after(length, () -> node.setReachesPeer(true));
    }

    private void stepDown(SimulatedNode node) {
        node.agent()
                .ifPresent(agent ->
                        agent.run(() ->
                                agent.ask(
                                        id -> new Event.StepDownAsked(agent.clock().millis(), id),
                                        answer ->
                                                world.trace()
                                                        .note(() ->
                                                                node + "  answers " + answer))));
    }

    private void suspend(SimulatedNode node, long length) {
        setPaused(node, true);
        world.timeline().after(length, () -> setPaused(node, false));
    }

    private static void setPaused(SimulatedNode node, boolean value) {
        node.agent()
                .ifPresent(agent ->
                        agent.run(() ->
                                agent.ask(
                                        id ->
                                                new Event.PauseAsked(
                                                        agent.clock().millis(), id, value),
                                        _ -> {})));
    }

    /// Everything that can be mended is mended: from now on nothing goes wrong.
    void heal() {
        healed = true;
        world.trace().note(() -> "-  # everything is mended");
        for (SimulatedNode node : List.of(cluster.a(), cluster.b())) {
            node.agentDoom().lift();
            node.serverDoom().lift();
            node.journalDoom().lift();
            node.setReachesPeer(true);
            node.setJournalFails(false);
            node.setJournalHangs(false);
            node.server().setDiskFull(false);
            node.server().setOpens(true);
            node.server().setStuck(false);
            node.resumeServer();
            node.agent().ifPresent(SimulatedAgent::resume);
            setPaused(node, false);
            node.restartQuickly();
        }
        world.becomeReliable();
    }
}
