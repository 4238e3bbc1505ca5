package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/// One machine whose own server and journal are pretended and answer at once. What it does towards
/// its peer is recorded; the peer is played by the test.
final class Scenario {

    static final NodeName A = new NodeName("a");
    static final NodeName B = new NodeName("b");
    static final String PAIR = "pair";

    /// Time between two ticks.
    static final long TICK = 50;

    /// More answers than this to one event are a loop.
    private static final int SPINNING = 50;

    /// A history that both nodes share: a led the only term.
    static final TermHistory SHARED = history(new Term(1, A, 1));

    final PretendedServer server;
    final NodeName name;

    /// Whether the journal can be written.
    boolean journalWritable = true;

    /// Whether the gateways say that they hold.
    boolean gatewaysAnswer = true;

    /// Sees every transition with the state before it.
    BiConsumer<State, Transition> watcher = (_, _) -> {};

    /// The journal on disk.
    Journal journal;

    /// What the disk may hold, as the driver knows it.
    private final Set<Journal> onDisk = new LinkedHashSet<>();

    State state;
    long now;

    private final Leadership machine;
    private final List<Action> actions = new ArrayList<>();
    private final Deque<Event> answers = new ArrayDeque<>();
    private long peerCounter = 1_000;
    private long request;

    Scenario(Settings settings, Journal journal, PretendedServer server, long now) {
        this.name = settings.node();
        this.machine = new Leadership(settings);
        this.journal = journal;
        this.onDisk.add(journal);
        this.server = server;
        this.now = now;
        this.state = machine.start(journal, now);
    }

    static Settings settings(NodeName node) {
        return new Settings(node, node + "1", PAIR, false, false, false, Timing.DEFAULT);
    }

    /// A node whose gateways show so far beyond the commit sequence.
    static Settings ahead(NodeName node, long ahead) {
        return new Settings(
                node, node + "1", PAIR, false, false, false, false, ahead, Timing.DEFAULT);
    }

    static Settings designated(NodeName node) {
        return new Settings(node, node + "1", PAIR, true, false, false, Timing.DEFAULT);
    }

    static TermHistory history(Term... terms) {
        return new TermHistory(List.of(terms));
    }

    /// The journal of a node that knows the pair and holds messages up to a sequence.
    static Journal journal(NodeName node, TermHistory history, long commit) {
        return Journal.blank(node)
                .withPairId(PAIR)
                .withHighestTerm(history.last().map(Term::number).orElse(0L))
                .withHistory(history)
                .withCreated(new PretendedServer(node.value()).created())
                .withCommit(commit, commit + 10_000);
    }

    /// An agent of a that has just started beside a stream of that length.
    static Scenario starting(Settings settings, Journal journal, long lastSeq) {
        PretendedServer server = new PretendedServer(settings.node().value());
        server.fill(lastSeq, "m");
        return new Scenario(settings, journal, server, 100_000);
    }

    /// a, fenced and without contact, with 100 messages of the shared term.
    static Scenario joining() {
        return starting(settings(A), journal(A, SHARED, 100), 100).connect();
    }

    /// a leads term 2 from sequence 101 with the sole right.
    static Scenario leadingAlone() {
        return leadingAlone(settings(A));
    }

    private static Scenario leadingAlone(Settings settings) {
        Scenario a = starting(settings, journal(A, SHARED, 100).withAlone(true), 100);
        return a.connect().advance(Timing.DEFAULT.retry()).forget();
    }

    /// a leads term 2 with b in sync.
    static Scenario leadingBoth() {
        return leadingBoth(settings(A));
    }

    /// The same in a pair of which only one side ever serves.
    static Scenario leadingBothOrNothing() {
        return leadingBoth(
                new Settings(A, A + "1", PAIR, false, false, false, true, 0, Timing.DEFAULT));
    }

    private static Scenario leadingBoth(Settings settings) {
        Scenario a = leadingAlone(settings);
        a.hear(a.follower().asking(900));
        return a.forget();
    }

    /// a copies from b, which leads term 2; it has asked whether it is in sync.
    static Scenario following() {
        Scenario a = joining();
        a.hear(a.leader()).tick();
        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));
        return a.forget();
    }

    /// a follows b and is in sync.
    static Scenario inSync() {
        Scenario a = following();
        a.hear(a.leader().telling(a.follows().sync().ask()));
        return a.forget();
    }

    /// The report of b, following a's term with everything that a holds.
    PeerSays follower() {
        return followerOf(leads().term());
    }

    /// The report of b, following a term with everything that a holds.
    PeerSays followerOf(Term term) {
        return PeerSays.following(term, journal.history(), server.lastSeq());
    }

    /// The report of b, leading term 2 with everything that a holds.
    PeerSays leader() {
        Term term = new Term(2, B, 101);
        return PeerSays.leading(term, history(new Term(1, A, 1), term), server.lastSeq());
    }

    /// The own server's connection stands.
    Scenario connect() {
        return on(new Event.OwnConnected(now));
    }

    /// The own server ends.
    Scenario loseServer() {
        server.up = false;
        return on(new Event.OwnLost(now, "connection refused"));
    }

    Scenario hear(PeerSays report) {
        peerCounter++;
        return on(new Event.PeerHeard(now, report.at(peerCounter)));
    }

    /// The peer answers a question that was asked just now.
    Scenario hearAnswer(PeerSays report) {
        peerCounter++;
        return on(new Event.PeerHeard(now, report.at(peerCounter), now));
    }

    /// The peer as the sender of its next message.
    Report.Sender peer() {
        return peer("b1");
    }

    Report.Sender peer(String process) {
        peerCounter++;
        return peer(PAIR, process, peerCounter);
    }

    static Report.Sender peer(String pair, String process, long counter) {
        return new Report.Sender(pair, B, process, counter);
    }

    /// The counter that the peer's next report will carry.
    long nextPeerCounter() {
        return peerCounter + 1;
    }

    Leadership machine() {
        return machine;
    }

    /// The operation whose answer the state waits for, 0 for none.
    long pendingOp() {
        return switch (state) {
            case State.Starting s -> s.op();
            case Joining s -> s.fence();
            case State.Promoting s ->
                    switch (s.phase()) {
                        case State.Phase.FencingPeer p -> p.op();
                        case State.Phase.Draining p -> p.op();
                        case State.Phase.Barrier p -> p.op();
                        case State.Phase.Jumping p -> p.op();
                        case State.Phase.Opening p -> p.op();
                        case State.Phase.Claiming _ -> 0;
                    };
            case Leading s ->
                    switch (s.change()) {
                        case State.Change.Numbered c -> c.op();
                        case State.Change.Confirming c -> c.op();
                        case State.Change.None _ -> 0;
                    };
            case State.HandingOver s ->
                    switch (s.step()) {
                        case State.Handover.Holding h -> h.op();
                        case State.Handover.Fencing h -> h.op();
                        case State.Handover.Granting h -> h.op();
                        case State.Handover.Withdrawing h -> h.op();
                        case State.Handover.Reopening h -> h.op();
                        case State.Handover.FencingPeer h -> h.op();
                        case State.Handover.Draining _ -> 0;
                    };
            case State.Waiting s -> s.look();
            case Following _, State.Stopped _ -> 0;
        };
    }

    /// A request's number.
    long request() {
        return ++request;
    }

    Scenario tick() {
        now += TICK;
        return on(new Event.Ticked(now, 0));
    }

    /// Time passes; the peer is neither heard nor asked.
    Scenario advance(long millis) {
        for (long end = now + millis; now < end; ) {
            tick();
        }
        return this;
    }

    /// The agent did not run for a while.
    Scenario sleep(long millis) {
        now += millis;
        return on(new Event.Ticked(now, millis));
    }

    /// The peer's agent stays silent; every request for its state goes unanswered.
    Scenario silence(long millis, boolean serverAnswers) {
        for (long end = now + millis; now < end; ) {
            int before = actions.size();
            tick();
            for (Action action : List.copyOf(actions.subList(before, actions.size()))) {
                if (action instanceof Action.AskPeer) {
                    on(new Event.PeerUnanswered(now, now, serverAnswers));
                }
            }
        }
        return this;
    }

    Scenario on(Event event) {
        answers.add(event);
        for (int steps = 0; !answers.isEmpty(); steps++) {
            if (steps > SPINNING) {
                throw new AssertionError("spins without time passing in " + state);
            }
            Transition transition = machine.step(state, answers.remove());
            watcher.accept(state, transition);
            state = transition.state();
            for (Action action : transition.actions()) {
                actions.add(action);
                if (!carryOut(action)) {
                    break;
                }
            }
        }
        return this;
    }

    private boolean carryOut(Action action) {
        switch (action) {
            case Action.Persist persist -> {
                if (!journalWritable) {
                    actions.removeLast();
                    onDisk.add(persist.journal());
                    answers.addFirst(
                            new Event.JournalFailed(now, "no space left", List.copyOf(onDisk)));
                    return false;
                }
                journal = persist.journal();
                onDisk.clear();
                onDisk.add(journal);
            }
            case Action.HoldGateways hold -> {
                if (gatewaysAnswer) {
                    answers.add(new Event.GatewaysHeld(now, hold.op()));
                }
            }
            case Action.ReadOwn read -> own(read.op(), true);
            case Action.FenceOwn fence -> {
                if (server.up && server.answering) {
                    server.fence(fence.mark(), fence.care());
                }
                own(fence.op(), true);
            }
            case Action.JumpOwn jump -> {
                boolean mine = server.face.equals(new Reading.Face.Fenced(jump.mark()));
                if (mine && server.up && server.answering) {
                    server.fill(jump.to(), "given up");
                }
                own(jump.op(), true);
            }
            case Action.OpenOwn open -> {
                boolean mine =
                        server.opens && server.face.equals(new Reading.Face.Fenced(open.mark()));
                if (mine && server.up && server.answering) {
                    server.face = new Reading.Face.Open();
                }
                own(open.op(), mine);
            }
            case Action.Compare compare -> {
                if (server.up && server.answering && server.exists) {
                    server.fence(compare.mark());
                }
            }
            case Action.AnnounceLoss _,
                    Action.Tell _,
                    Action.AskPeer _,
                    Action.FencePeer _,
                    Action.Drain _,
                    Action.PrepareResync _,
                    Action.ReplaceStream _,
                    Action.DropLocalSnapshot _,
                    Action.Tail _,
                    Action.CopyOn _,
                    Action.StopCopy _,
                    Action.TellProgress _,
                    Action.Grant _,
                    Action.Withdraw _,
                    Action.Reply _,
                    Action.Halt _ -> {}
        }
        return true;
    }

    private void own(long op, boolean accepted) {
        if (!server.answering) {
            return;
        }
        if (!server.up || !accepted || !server.exists) {
            boolean missing = server.up && !server.exists;
            answers.add(new Event.StoreFailed(now, op, missing, "refused"));
        } else {
            answers.add(new Event.StoreAnswered(now, op, now, server.reading()));
        }
    }

    /// The agent's process ends and another one starts with what is on disk.
    Scenario restarted(Settings settings) {
        Scenario next = new Scenario(settings, journal, server, now);
        next.peerCounter = peerCounter;
        return next;
    }

    Scenario forget() {
        actions.clear();
        return this;
    }

    List<Action> actions() {
        return List.copyOf(actions);
    }

    <T extends Action> List<T> actions(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// The newest action of a type; fails when there was none.
    <T extends Action> T newest(Class<T> type) {
        return actions(type).getLast();
    }

    boolean did(Class<? extends Action> type) {
        return !actions(type).isEmpty();
    }

    /// What a request for its state would get.
    Report report() {
        return machine.report(state);
    }

    /// The newest report that it sent.
    Report told() {
        return newest(Action.Tell.class).report();
    }

    /// The consent that it told last.
    Consent toldConsent() {
        return Objects.requireNonNull(told().pact().consent());
    }

    Answer answer(long number) {
        return actions(Action.Reply.class).stream()
                .filter(r -> r.request() == number)
                .toList()
                .getLast()
                .answer();
    }

    Role role() {
        return state.role();
    }

    Leading leads() {
        return (Leading) state;
    }

    Following follows() {
        return (Following) state;
    }

    Joining joins() {
        return (Joining) state;
    }

    /// The number of the copy under way.
    long copy() {
        return follows().session().copy();
    }
}
