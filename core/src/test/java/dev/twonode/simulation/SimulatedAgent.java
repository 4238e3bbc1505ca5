package dev.twonode.simulation;

import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.node.NodeDriver;
import dev.twonode.node.Pulse;
import dev.twonode.node.StateFolderException;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Answer;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.Peer;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Timing;
import dev.twonode.protocol.Words;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.Stores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// One agent process: the real driver, machine and inbox, with simulated hands.
final class SimulatedAgent implements NodeDriver.Actions {

    private static final long TICK = 50 * Timeline.MS;
    private static final long HANG = 20 * Timeline.MS;
    private static final long QUICK = 500 * Timeline.MS;
    private static final long PATIENT = 5_000 * Timeline.MS;

    private final World world;
    private final SimulatedNode node;
    private final Settings settings;
    private final Dice dice;
    private final Clock clock;
    private final Inbox inbox = new Inbox();
    private final Pulse pulse = new Pulse(Timing.DEFAULT.pause());
    private final NodeDriver driver;
    private final Line own;
    private final Line peer;
    private final OwnCalls ownCalls;
    private final SimulatedCopy copy;
    private final Mail mail;
    private final List<Fiber> fibers = new ArrayList<>();
    private final List<Runnable> deferred = new ArrayList<>();
    private final Map<Long, Consumer<Answer>> requests = new LinkedHashMap<>();
    private String words = "";
    private long lastRequest;
    private boolean alive = true;
    private boolean paused;
    private long pausedAt;
    private boolean machineSleeps;
    private @Nullable Fiber stuck;
    private long sleptUntil;
    private long resumedAt;
    private long ledUntil;
    private long heardAt;
    private boolean turnDue;
    private boolean halted;

    SimulatedAgent(World world, SimulatedNode node, Settings settings) {
        this.world = world;
        this.node = node;
        this.settings = settings;
        this.dice = world.dice(settings.process());
        this.clock = node.clock();
        this.own = new Line(this, node, new OwnWatch(), dice);
        this.peer = new Line(this, node.peer(), new PeerWatch(), dice);
        Stores quick = new Stores(own.store(QUICK), peer.store(QUICK));
        Stores patient = new Stores(own.store(PATIENT), peer.store(PATIENT));
        Sessions sessions = new Sessions(dice.generator());
        this.ownCalls = new OwnCalls(this, quick.own(), sessions);
        this.copy = new SimulatedCopy(this, patient, quick, sessions);
        this.mail = new Mail(this, peer, QUICK);
        this.driver = new NodeDriver(settings, node.disk(), inbox, this, clock, new Beats());
    }

    void begin() {
        own.begin();
        peer.begin();
        ownCalls.begin();
        tick();
    }

    private void tick() {
        if (alive) {
            runIfAwake(this::turn);
            world.timeline().after(TICK, this::tick);
        }
    }

    World world() {
        return world;
    }

    SimulatedNode node() {
        return node;
    }

    Settings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    State state() {
        return driver.state();
    }

    Report report() {
        return driver.report();
    }

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    /// Whether it decides anything now.
    boolean isAwake() {
        return alive && !paused && !isStuck();
    }

    /// Whether its connection to the peer's present server process stands.
    boolean isLinkedToPeer() {
        return node.peer().server().serverId().equals(peer.process());
    }

    /// Whether its driver has run just now, as far as its gateways can tell.
    boolean hasPulse() {
        return pulse.isFresh(clock.millis(), clock.wall());
    }

    /// When it last woke from a sleep after which nothing that it knew may count.
    long sleptUntil() {
        return sleptUntil;
    }

    /// When it was last resumed, however short its pause was.
    long resumedAt() {
        return resumedAt;
    }

    /// When it last woke from such a sleep that it began as a leader.
    long ledAsleepUntil() {
        return ledUntil;
    }

    /// When a report of the peer last reached it.
    long heardAt() {
        return heardAt;
    }

    /// A report of the peer.
    ///
    /// @param askedAt when it was asked for
    void hear(Report report, long askedAt) {
        heardAt = world.timeline().now();
        post(new Event.PeerHeard(clock.millis(), report, askedAt));
    }

    /// The peer's server acknowledged what a copy stored.
    ///
    /// @param echo as [SimulatedCopy] made it
    void hearStored(String echo, long sequence) {
        String[] words = echo.split(" ", -1);
        run(() ->
                post(
                        new Event.CopyAcknowledged(
                                clock.millis(), words[0], Long.parseLong(words[1]), sequence)));
    }

    /// Whether its connection to its own server, that process, stands.
    boolean hearsFrom(String process) {
        return process.equals(own.process());
    }

    Fiber fiber(String name, Runnable body) {
        Fiber started = Fiber.start(this, name, body);
        fibers.removeIf(Fiber::hasEnded);
        fibers.add(started);
        return started;
    }

    /// Does something in this process: now, when it runs again, or never when it is gone.
    void run(Runnable what) {
        if (!alive) {
            return;
        }
        if (paused) {
            deferred.add(what);
        } else {
            what.run();
        }
    }

    /// The same, but nothing is made up for later.
    void runIfAwake(Runnable what) {
        if (alive && !paused) {
            what.run();
        }
    }

    /// @param asleep whether the machine sleeps with it, and its monotonic clock
    void pause(boolean asleep) {
        machineSleeps |= asleep;
        if (!paused) {
            world.trace().note(() -> node + "  agent paused");
            paused = true;
            pausedAt = world.timeline().now();
        }
    }

    void resume() {
        if (alive && paused) {
            world.trace().note(() -> node + "  agent resumes");
            paused = false;
            resumedAt = world.timeline().now();
            if (machineSleeps) {
                node.slept(world.timeline().now() - pausedAt);
                machineSleeps = false;
            }
            woke(pausedAt, countsOnPeer());
            List<Runnable> waiting = List.copyOf(deferred);
            deferred.clear();
            waiting.forEach(this::run);
        }
    }

    void post(Event event) {
        inbox.post(event);
        wake();
    }

    private void wake() {
        if (!turnDue) {
            turnDue = true;
            world.timeline().after(dice.between(5, 60), () -> run(this::dueTurn));
        }
    }

    private void dueTurn() {
        turnDue = false;
        turn();
    }

    /// A turn that may have to wait for the disk has a thread of its own, and nothing else is
    /// decided meanwhile.
    private void turn() {
        if (isStuck()) {
            return;
        }
        if (node.journalHangs()) {
            long begun = world.timeline().now();
            boolean led = countsOnPeer();
            stuck =
                    fiber(
                            "driver",
                            () -> {
                                boolean more = decide();
                                world.timeline()
                                        .after(0, () -> run(() -> unstuck(begun, led, more)));
                            });
            return;
        }
        boolean more;
        try {
            more = decide();
        } catch (AgentDeath death) {
            die("between two actions");
            return;
        }
        decided(more);
    }

    private boolean decide() {
        try {
            return driver.turn();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean isStuck() {
        return stuck != null && !stuck.hasEnded();
    }

    private void unstuck(long begun, boolean led, boolean more) {
        woke(begun, led);
        decided(more);
    }

    private boolean countsOnPeer() {
        return driver.state() instanceof Leading leading && leading.mode() == State.Mode.BOTH;
    }

    private void woke(long since, boolean led) {
        if (world.timeline().now() - since > Hearing.SLEEP) {
            sleptUntil = world.timeline().now();
            ledUntil = led ? sleptUntil : ledUntil;
        }
    }

    private void decided(boolean more) {
        world.touch();
        noteState();
        if (halted) {
            end("has stopped", true);
        } else if (more) {
            wake();
        }
    }

    private void noteState() {
        State now = driver.state();
        String before = words;
        words = Words.state(now);
        String after = words;
        world.trace().mix(after.hashCode() + 31L * now.memory().commit());
        if (!before.equals(after)) {
            world.trace().note(() -> node + "  " + before + " -> " + after + " " + now.reason());
            world.decided(node);
        }
    }

    /// The process is killed.
    void die(String how) {
        end("killed: " + how, false);
    }

    private void end(String how, boolean byItself) {
        if (alive) {
            world.trace().note(() -> node + "  agent " + how);
            alive = false;
            fibers.forEach(Fiber::kill);
            node.agentEnded(byItself);
        }
    }

    void ownServerEnded() {
        world.timeline().after(world.latency(), () -> run(own::look));
    }

    void peerServerEnded() {
        world.timeline().after(world.latency(), () -> run(peer::look));
    }

    void streamUpdated() {
        run(() -> post(new Event.StreamChanged(clock.millis())));
    }

    /// Somebody asks for something; the answer is told when it is there.
    void ask(LongFunction<Event> event, Consumer<Answer> answered) {
        lastRequest++;
        requests.put(lastRequest, answered);
        post(event.apply(lastRequest));
    }

    private void placeAtJournal(String where) {
        if (node.journalDoom().strikes()) {
            throw new AgentDeath(where);
        }
        place(where);
    }

    private void place(String where) {
        if (node.agentDoom().strikes()) {
            throw new AgentDeath(where);
        }
    }

    @Override
    public void persist(Journal journal) throws StateFolderException {
        placeAtJournal("writing the journal");
        awaitDisk();
        if (node.journalFails()) {
            if (dice.chance(0.3)) {
                node.write(journal);
            }
            throw new StateFolderException(
                    StateFolderException.Kind.UNUSABLE, "disk full", "make room", null);
        }
        String written = Words.action(new Action.Persist(journal));
        if (!written.equals(Words.action(new Action.Persist(node.disk())))) {
            world.trace().note(() -> node + "    ! " + written);
        }
        node.write(journal);
        placeAtJournal("having written the journal");
    }

    private void awaitDisk() {
        Fiber waiting = world.running();
        if (waiting != null && node.journalHangs()) {
            world.trace().note(() -> node + "  waits for its disk");
            while (node.journalHangs()) {
                waiting.pause(HANG);
            }
        }
    }

    @Override
    public void start(Action action) {
        place("an action");
        note(action);
        switch (action) {
            case Action.Persist(Journal journal) ->
                    throw new IllegalStateException("not written: " + journal);
            case Action.ReadOwn read -> ownCalls.read(read);
            case Action.HoldGateways(long op) -> hold(op);
            case Action.FenceOwn fence -> ownCalls.fence(fence);
            case Action.OpenOwn open -> ownCalls.open(open);
            case Action.JumpOwn jump -> ownCalls.jump(jump);
            case Action.AnnounceLoss(Jump jump) -> announce(jump);
            case Action.Tell(Report report) -> mail.tell(report);
            case Action.AskPeer _ -> mail.ask();
            case Action.FencePeer fence -> copy.fencePeer(fence);
            case Action.Drain drain -> copy.drain(drain);
            case Action.Compare compare -> copy.compare(compare);
            case Action.PrepareResync prepare -> copy.prepare(prepare);
            case Action.ReplaceStream replace -> copy.replace(replace);
            case Action.DropLocalSnapshot _ -> copy.forget();
            case Action.Tail tail -> copy.tail(tail);
            case Action.CopyOn on -> copy.copyOn(on);
            case Action.StopCopy _ -> ownCalls.after(copy.stop());
            case Action.TellProgress progress -> mail.progress(progress);
            case Action.Grant grant -> mail.grant(grant);
            case Action.Withdraw withdrawal -> mail.withdraw(withdrawal);
            case Action.Reply(long request, Answer answer) -> {
                Consumer<Answer> waiting = requests.remove(request);
                if (waiting != null) {
                    waiting.accept(answer);
                }
            }
            case Action.Halt _ -> halted = true;
        }
    }

    /// Whoever restarts kine may take long.
    private void announce(Jump jump) {
        world.timeline()
                .after(
                        dice.between(1, 2_000) * Timeline.MS,
                        () ->
                                run(() ->
                                        post(
                                                new Event.LossTold(
                                                        clock.millis(),
                                                        jump.term(),
                                                        dice.chance(0.5)))));
    }

    /// Gateways hold at once, or are stuck.
    private void hold(long op) {
        if (!dice.chance(0.1)) {
            world.timeline()
                    .after(
                            world.latency(),
                            () -> run(() -> post(new Event.GatewaysHeld(clock.millis(), op))));
        }
    }

    private void note(Action action) {
        boolean quiet =
                action instanceof Action.Tell
                        || action instanceof Action.ReadOwn
                        || action instanceof Action.AskPeer
                        || action instanceof Action.TellProgress;
        if (!quiet) {
            world.trace().note(() -> node + "    ! " + Words.action(action));
        }
    }

    /// The simulation looks at the state itself.
    private final class Beats implements NodeDriver.Transitions {
        @Override
        public void changed(State before, State after) {}

        @Override
        public void holds(State state) {}

        @Override
        public void beat(State state) {
            pulse.beat(clock.millis(), clock.wall());
            node.refusal(state).ifPresent(inbox::post);
        }
    }

    /// What becomes of the connection to the own server (rules G2, T2).
    private final class OwnWatch implements Line.Watch {
        private String last = "";
        private boolean up;

        @Override
        public void connected(String server) {
            if (up && !last.equals(server)) {
                lost("the server was restarted");
            }
            last = server;
            up = true;
            post(new Event.OwnConnected(clock.millis()));
        }

        @Override
        public void disconnected() {
            world.trace().note(() -> node + "  own connection ended");
        }

        @Override
        public void refused() {
            lost("refused");
        }

        @Override
        public void failed() {
            lost("no answer");
        }

        private void lost(String why) {
            if (up) {
                up = false;
                world.trace().note(() -> node + "  own server lost: " + why);
                post(new Event.OwnLost(clock.millis(), why));
            }
        }
    }

    /// What becomes of the connection to the peer's server (rule G2).
    private final class PeerWatch implements Line.Watch {
        private Peer.Link told = Peer.Link.DOWN;
        private boolean stood;

        @Override
        public void connected(String server) {
            stood = true;
            tell(Peer.Link.UP);
        }

        @Override
        public void disconnected() {
            tell(Peer.Link.DOWN);
        }

        @Override
        public void refused() {
            if (stood) {
                tell(Peer.Link.REFUSED);
            }
        }

        @Override
        public void failed() {
            tell(Peer.Link.DOWN);
        }

        private void tell(Peer.Link now) {
            if (now != told) {
                told = now;
                world.trace().note(() -> node + "  peer's server: " + now);
                post(new Event.PeerLink(clock.millis(), now));
            }
        }
    }

    @Override
    public String toString() {
        return Objects.toString(settings.process());
    }
}
