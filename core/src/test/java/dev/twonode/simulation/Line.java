package dev.twonode.simulation;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An agent's connection to a server, its own or the peer's. It dials again and again, notices at
/// once that a server it reaches has ended, and after a while that one is silent.
final class Line {

    private static final long LOOK_AGAIN = 100 * Timeline.MS;
    private static final long DEAD_AFTER = 1_000 * Timeline.MS;

    /// They only touch what the client's library holds.
    private static final Set<String> LOCAL = Set.of("append", "unskip");

    /// They may be carried out when their caller has long given up.
    private static final Set<String> LATE =
            Set.of("fence", "open", "create", "delete", "startAt", "store");

    private static final Set<String> UPDATES = Set.of("fence", "open");

    /// Publishes go out one behind the other, without waiting for answers.
    private static final int PIPELINED = 8;

    private final SimulatedAgent agent;
    private final SimulatedNode to;
    private final Watch watch;
    private final World world;
    private final Dice fates;
    private final List<Call<?>> open = new ArrayList<>();
    private @Nullable String process;
    private long silentSince = -1;
    private long lastArrival;

    /// Told what happens to the connection.
    interface Watch {
        void connected(String server);

        void disconnected();

        void refused();

        void failed();
    }

    Line(SimulatedAgent agent, SimulatedNode to, Watch watch, Dice fates) {
        this.agent = agent;
        this.to = to;
        this.watch = watch;
        this.world = agent.world();
        this.fates = fates;
    }

    void begin() {
        if (agent.isAlive()) {
            agent.runIfAwake(this::look);
            world.timeline().after(LOOK_AGAIN, this::begin);
        }
    }

    /// The server process that it is connected to, null for none.
    @Nullable String process() {
        return process;
    }

    SimulatedNode to() {
        return to;
    }

    boolean reaches() {
        return to == agent.node() || agent.node().reachesPeer();
    }

    /// Looks at the connection, and dials when there is none.
    void look() {
        boolean running = to.server().isRunning();
        if (process != null) {
            boolean ended = !running || !process.equals(to.server().serverId());
            if (reaches() && ended) {
                lose();
            } else if (reaches() && !to.isServerPaused()) {
                silentSince = -1;
            } else if (silentSince < 0) {
                silentSince = world.timeline().now();
            } else if (world.timeline().now() - silentSince > DEAD_AFTER) {
                lose();
            }
        }
        if (process == null) {
            dial(running);
        }
    }

    private void lose() {
        process = null;
        silentSince = -1;
        watch.disconnected();
        List.copyOf(open).forEach(call -> call.fail("the connection was lost"));
    }

    private void dial(boolean running) {
        if (!reaches() || (running && to.isServerPaused())) {
            watch.failed();
        } else if (!running) {
            watch.refused();
        } else {
            process = to.server().serverId();
            watch.connected(process);
        }
    }

    /// A view of the server's stream whose calls take this line.
    Store store(long patience) {
        return new SimulatedStore(
                to.server(),
                FaultPlan.NONE,
                new SimulatedStore.Way() {
                    @Override
                    public <T> T carry(String call, SimulatedStore.Work<T> work)
                            throws StoreException {
                        return Line.this.carry(call, work, patience);
                    }
                });
    }

    private <T> T carry(String name, SimulatedStore.Work<T> work, long patience)
            throws StoreException {
        Fiber fiber = Objects.requireNonNull(world.running());
        fiber.requireLife();
        if (agent.node().agentDoom().strikes()) {
            throw new AgentDeath(name);
        }
        if (process == null) {
            fiber.pause(Timeline.MS);
            throw new StoreException(Kind.UNREACHABLE, name + ": no connection to " + to);
        }
        if (LOCAL.contains(name)) {
            return work.run();
        }
        T answer =
                name.equals("restore")
                        ? carryInSteps(fiber, work)
                        : await(fiber, new Call<>(fiber, name, process, work), patience);
        if (agent.node().agentDoom().strikes()) {
            throw new AgentDeath(name);
        }
        return answer;
    }

    /// A call in which the caller reads from another server meanwhile.
    private <T> T carryInSteps(Fiber fiber, SimulatedStore.Work<T> work) throws StoreException {
        fiber.pause(world.latency());
        if (fiber.isInterrupted() || to.isServerPaused()) {
            throw new StoreException(Kind.UNKNOWN, "no answer from " + to);
        }
        T answer = work.run();
        fiber.pause(world.latency());
        return answer;
    }

    private <T> T await(Fiber fiber, Call<T> call, long patience) throws StoreException {
        long now = world.timeline().now();
        lastArrival = Math.max(lastArrival, now + call.trip());
        open.add(call);
        world.timeline().at(lastArrival, () -> arrives(call));
        world.timeline().at(now + patience, () -> call.fail("no answer"));
        fiber.await(call.over);
        open.remove(call);
        return call.outcome();
    }

    private void arrives(Call<?> call) {
        if (reaches()) {
            to.serve(call.process, () -> execute(call));
        }
    }

    private void execute(Call<?> call) {
        boolean late = !agent.isAlive() || call.over.isRaised();
        if (late && (!LATE.contains(call.name) || fates.chance(0.5))) {
            return;
        }
        if (to.serverDoom().strikes()) {
            to.killServer();
            return;
        }
        if (call.name.equals("delete")) {
            world.deleting(to);
        }
        call.run();
        world.touch();
        if (late) {
            world.trace().note(() -> to + "  carries out " + call.name + " late");
        }
        long announced = 0;
        if (UPDATES.contains(call.name) && call.error == null) {
            announced = to.announceUpdate();
        }
        if (to.serverDoom().strikes()) {
            to.killServer();
            return;
        }
        world.timeline()
                .after(
                        Math.max(call.trip(), announced),
                        () -> {
                            if (reaches()) {
                                call.answered();
                            }
                        });
    }

    /// A call on its way.
    private final class Call<T> {
        private final Fiber.Signal over = new Fiber.Signal();
        private final Fiber fiber;
        private final String name;
        private final String process;
        private final SimulatedStore.Work<T> work;
        private @Nullable T result;
        private @Nullable StoreException error;
        private boolean answered;

        Call(Fiber fiber, String name, String process, SimulatedStore.Work<T> work) {
            this.fiber = fiber;
            this.name = name;
            this.process = process;
            this.work = work;
        }

        long trip() {
            return name.equals("store") ? world.latency() / PIPELINED : world.latency();
        }

        void run() {
            try {
                result = work.run();
            } catch (StoreException refused) {
                error = refused;
            }
        }

        void answered() {
            if (!over.isRaised()) {
                answered = true;
                fiber.raise(over);
            }
        }

        void fail(String why) {
            if (!over.isRaised()) {
                error = new StoreException(Kind.UNKNOWN, name + ": " + why);
                result = null;
                fiber.raise(over);
            }
        }

        T outcome() throws StoreException {
            if (!answered && error == null) {
                throw new StoreException(Kind.UNKNOWN, name + ": interrupted");
            }
            if (error != null) {
                throw error;
            }
            return Objects.requireNonNull(result);
        }
    }
}
