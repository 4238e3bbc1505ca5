package dev.twonode.simulation;

import dev.twonode.node.Clock;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.Timing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One machine: a server, the agent beside it, their disk and their clocks, and the supervisor that
/// starts again what has died.
final class SimulatedNode {

    private static final long NEVER = Long.MAX_VALUE;
    private static final Instant FIRST_DAY = Instant.parse("2026-11-01T10:00:00Z");

    private final World world;
    private final NodeName name;
    private final boolean designated;
    private final Path stateDir;
    private final SimulatedServer server;
    private final Dice supervisor;
    private final Doom agentDoom = new Doom();
    private final Doom serverDoom = new Doom();
    private final Doom journalDoom = new Doom();
    private final List<Runnable> backlog = new ArrayList<>();
    private @Nullable SimulatedNode peer;
    private @Nullable SimulatedAgent agent;
    private Journal disk;
    private int starts;
    private long refusedSince = NEVER;
    private boolean serverPaused;
    private long serverPausedAt;
    private boolean reachesPeer = true;
    private boolean journalFails;
    private boolean journalHangs;
    private boolean diesTogether;
    private boolean quickly;
    private boolean lossy;
    private boolean stray;
    private long lost;
    private long shift;

    SimulatedNode(World world, String name, boolean designated, Path folder) {
        this.world = world;
        this.name = new NodeName(name);
        this.designated = designated;
        this.stateDir = folder.resolve(name);
        this.server = new SimulatedServer(name, this::wall);
        this.supervisor = world.dice("supervisor of " + name);
        this.disk = Journal.blank(this.name);
        server.setSyncsAlways(world.swarm().syncsAlways());
        server.setListener(this::acknowledged);
    }

    void meet(SimulatedNode other) {
        peer = other;
    }

    World world() {
        return world;
    }

    NodeName name() {
        return name;
    }

    SimulatedServer server() {
        return server;
    }

    SimulatedNode peer() {
        return Objects.requireNonNull(peer);
    }

    /// The peer's agent hears what this server acknowledges to a copy.
    private void acknowledged(String echo, long sequence) {
        for (long delay : world.fate()) {
            world.timeline()
                    .after(
                            delay,
                            () ->
                                    peer().agent()
                                            .filter(SimulatedAgent::isLinkedToPeer)
                                            .filter(_ -> peer().reachesPeer())
                                            .ifPresent(it -> it.hearStored(echo, sequence)));
        }
    }

    Optional<SimulatedAgent> agent() {
        return Optional.ofNullable(agent);
    }

    /// What the journal on the disk says.
    Journal disk() {
        return disk;
    }

    Path stateDir() {
        return stateDir;
    }

    Doom agentDoom() {
        return agentDoom;
    }

    Doom journalDoom() {
        return journalDoom;
    }

    Doom serverDoom() {
        return serverDoom;
    }

    /// The agent's clocks. The monotonic one does not count the time of a sleeping machine.
    Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return 1_000_000 + (world.timeline().now() - lost) / Timeline.MS;
            }

            @Override
            public Instant wall() {
                return SimulatedNode.this.wall();
            }
        };
    }

    private Instant wall() {
        return FIRST_DAY.plusNanos((world.timeline().now() + shift) * 1_000);
    }

    void jump(long micros) {
        shift += micros;
    }

    /// The machine slept for so long.
    void slept(long micros) {
        lost += micros;
    }

    boolean reachesPeer() {
        return reachesPeer;
    }

    void setReachesPeer(boolean value) {
        reachesPeer = value;
    }

    boolean journalFails() {
        return journalFails;
    }

    void setJournalFails(boolean value) {
        journalFails = value;
    }

    boolean journalHangs() {
        return journalHangs;
    }

    void setJournalHangs(boolean value) {
        journalHangs = value;
    }

    /// Whether the server dies when the agent does.
    void setDiesTogether(boolean value) {
        diesTogether = value;
    }

    /// From now on whatever died is started again at once.
    void restartQuickly() {
        quickly = true;
        startServer();
        startAgent();
    }

    /// The power took something that was not synced.
    void hasLost() {
        lossy = true;
    }

    boolean isLossy() {
        return lossy;
    }

    /// A client's write was stored.
    void wasWritten() {
        boolean leads = Cluster.stateOf(this).filter(Leading.class::isInstance).isPresent();
        stray |= lossy && !leads;
        refusedSince = NEVER;
    }

    /// The server is open for a client's write, and did not store it.
    void wasNotWritten() {
        refusedSince = Math.min(refusedSince, world.timeline().now());
    }

    /// What this node's gateway knows of the leader's server, when that stores nothing. The clients
    /// come by the leader's gateway in one term and by the other one in the next.
    ///
    /// @param state what its agent has decided
    Optional<Event> refusal(State state) {
        if (!(Showing.of(state, Timing.DEFAULT, Showing.Policy.DEFAULT)
                instanceof Showing.Leader(Term term, Showing.Place place, _, _, _, _))) {
            return Optional.empty();
        }
        boolean own = place == Showing.Place.OWN;
        long since = own ? refusedSince : peer().refusedSince;
        boolean write = own == (term.number() % 2 == 0);
        long lasted = (world.timeline().now() - since) / Timeline.MS;
        return write && since != NEVER
                ? Optional.of(
                        new Event.WritesRefused(
                                clock().millis(), new Refusal(term, "full", lasted)))
                : Optional.empty();
    }

    /// Whether a client wrote where the power had taken the fence.
    boolean isStray() {
        return stray;
    }

    void write(Journal journal) {
        disk = journal;
    }

    void startAgent() {
        if (agent == null) {
            starts++;
            String process = name + "-agent-" + starts;
            Settings settings =
                    new Settings(
                            name,
                            process,
                            "pair-of-" + process,
                            designated,
                            false,
                            world.swarm().stops(),
                            world.swarm().stopsAlone(),
                            world.swarm().ahead(),
                            Timing.DEFAULT);
            world.trace().note(() -> name + "  agent starts as " + process);
            SimulatedAgent started = new SimulatedAgent(world, this, settings);
            agent = started;
            started.begin();
        }
    }

    void killAgent(String how) {
        agent().ifPresent(present -> present.die(how));
    }

    /// Told by an agent that has ended.
    void agentEnded(boolean byItself) {
        agent = null;
        world.touch();
        if (!byItself && diesTogether) {
            diesTogether = false;
            killServer(restart());
        }
        world.timeline().after(restart(), this::startAgent);
    }

    private long restart() {
        return quickly
                ? supervisor.between(50, 500) * Timeline.MS
                : supervisor.between(20, supervisor.chance(0.5) ? 1_000 : 15_000) * Timeline.MS;
    }

    void killServer() {
        killServer(restart());
    }

    /// Kills the server, which is back after a while.
    void killServer(long backAfter) {
        if (server.isRunning()) {
            world.trace().note(() -> name + "  server killed");
            server.kill();
            serverEnded(backAfter);
        }
    }

    /// The power fails: agent and server end, and of what was not synced only some survives.
    void cutPower(int kept) {
        world.trace().note(() -> name + "  power cut, " + kept + " unsynced changes survive");
        diesTogether = false;
        killAgent("power cut");
        server.cutPower(kept);
        serverEnded(restart());
    }

    private void serverEnded(long backAfter) {
        serverPaused = false;
        backlog.clear();
        world.touch();
        world.timeline().after(backAfter, this::startServer);
        agent().ifPresent(SimulatedAgent::ownServerEnded);
        peer().agent().ifPresent(SimulatedAgent::peerServerEnded);
    }

    private void startServer() {
        if (!server.isRunning()) {
            server.start();
            world.trace().note(() -> name + "  server starts as " + server.serverId());
        }
    }

    long serverPausedAt() {
        return serverPausedAt;
    }

    boolean isServerPaused() {
        return serverPaused;
    }

    void pauseServer() {
        if (server.isRunning()) {
            world.trace().note(() -> name + "  server paused");
            serverPaused = true;
            serverPausedAt = world.timeline().now();
        }
    }

    /// What has arrived meanwhile is done now.
    void resumeServer() {
        if (serverPaused) {
            world.trace().note(() -> name + "  server resumes");
            serverPaused = false;
            List<Runnable> waiting = List.copyOf(backlog);
            backlog.clear();
            waiting.forEach(Runnable::run);
        }
    }

    /// Lets the server do something, unless that process is gone. A server that does not run does
    /// it later.
    void serve(String process, Runnable work) {
        if (!server.isRunning() || !server.serverId().equals(process)) {
            return;
        }
        if (serverPaused) {
            backlog.add(() -> serve(process, work));
        } else {
            work.run();
        }
    }

    /// The server announces that the stream's configuration was changed, before it answers.
    ///
    /// @return how long the announcement takes
    long announceUpdate() {
        String process = server.serverId();
        long trip = world.latency();
        agent().filter(present -> present.hearsFrom(process))
                .ifPresent(present -> world.timeline().after(trip, present::streamUpdated));
        return trip;
    }

    @Override
    public String toString() {
        return name.value();
    }
}
