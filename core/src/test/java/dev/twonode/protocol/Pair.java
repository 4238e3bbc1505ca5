package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Two machines with pretended servers and a network between them that loses nothing unless it is
/// cut. Everything that is sent arrives before time passes.
final class Pair {

    /// One node: what survives its agent, and the agent.
    final class Node {
        final NodeName name;
        final PretendedServer server;
        final boolean designated;
        Journal journal;
        int starts;
        boolean paused;
        @Nullable Scenario agent;
        private long tailing;

        Node(NodeName name, boolean designated) {
            this.name = name;
            this.designated = designated;
            this.server = new PretendedServer(name.value());
            this.journal = Journal.blank(name);
        }

        boolean runs() {
            return agent != null && !paused;
        }

        Node peer() {
            return this == a ? b : a;
        }

        /// This node's agent as the sender of a message.
        Report.Sender sender(long counter) {
            String pair = agent == null ? null : agent.journal.pairId();
            return new Report.Sender(pair, name, name.value() + starts, counter);
        }

        /// Whether this node's agent reaches the peer's server.
        boolean reaches() {
            return !cut && peer().server.up;
        }
    }

    final Node a = new Node(A, true);
    final Node b = new Node(B, false);

    /// Whether the two nodes are cut off from each other.
    boolean cut;

    /// Whether grants and their withdrawals arrive while their answers are lost.
    boolean answersLost;

    long now = 100_000;

    private final Deque<Runnable> mail = new ArrayDeque<>();
    private final BiConsumer<NodeName, Step> trace;

    /// Requests between the agents that wait for an answer, and their operations.
    private final Map<Long, Long> grants = new TreeMap<>();

    private long requests = 1_000;
    private int written;

    /// One transition, with the state before it.
    record Step(State before, Transition transition) {}

    Pair(BiConsumer<NodeName, Step> trace) {
        this.trace = trace;
    }

    Node node(String name) {
        return name.equals("a") ? a : b;
    }

    /// The agent of a node that has one.
    Scenario agent(Node node) {
        return Objects.requireNonNull(node.agent);
    }

    void startAgent(Node node) {
        node.starts++;
        String process = node.name.value() + node.starts;
        Settings settings =
                new Settings(
                        node.name,
                        process,
                        "pair-" + process,
                        node.designated,
                        false,
                        false,
                        Timing.DEFAULT);
        Scenario agent = new Scenario(settings, node.journal, node.server, now);
        agent.watcher = (before, step) -> trace.accept(node.name, new Step(before, step));
        node.agent = agent;
        node.paused = false;
        node.tailing = 0;
        if (node.server.up) {
            post(node, new Event.OwnConnected(now));
        }
        deliver();
    }

    void killAgent(Node node) {
        if (node.agent != null) {
            node.journal = node.agent.journal;
            node.agent = null;
        }
    }

    void startServer(Node node) {
        node.server.start();
        post(node, new Event.OwnConnected(now));
        link(node.peer(), Peer.Link.UP);
        deliver();
    }

    void killServer(Node node) {
        node.server.up = false;
        post(node, new Event.OwnLost(now, "refused"));
        if (!cut) {
            link(node.peer(), Peer.Link.REFUSED);
        }
        deliver();
    }

    void cut() {
        cut = true;
        link(a, Peer.Link.DOWN);
        link(b, Peer.Link.DOWN);
        deliver();
    }

    void heal() {
        cut = false;
        link(a, Peer.Link.UP);
        link(b, Peer.Link.UP);
        deliver();
    }

    private void link(Node node, Peer.Link link) {
        post(node, new Event.PeerLink(now, link));
    }

    /// A client writes straight to a node's server.
    void write(Node node, int count) {
        for (int i = 0; i < count && node.server.isOpen(); i++) {
            node.server.messages.add(node.name + "-" + ++written);
        }
    }

    void ask(Node node, Event event) {
        post(node, event);
        deliver();
    }

    void advance(long millis) {
        for (long end = now + millis; now < end; ) {
            now += Scenario.TICK;
            for (Node node : List.of(a, b)) {
                if (node.agent != null) {
                    node.agent.now = now;
                }
                copy(node);
                post(node, new Event.Ticked(now, 0));
                deliver();
            }
        }
    }

    private void post(Node node, Event event) {
        mail.add(() -> step(node, event));
    }

    private void deliver() {
        while (!mail.isEmpty()) {
            mail.remove().run();
        }
    }

    private void step(Node node, Event event) {
        Scenario agent = node.agent;
        if (agent == null || node.paused) {
            return;
        }
        agent.now = now;
        agent.on(event);
        node.journal = agent.journal;
        List<Action> actions = agent.actions();
        agent.forget();
        actions.forEach(action -> carryOut(node, action));
    }

    private void carryOut(Node node, Action action) {
        switch (action) {
            case Action.Tell tell -> {
                if (node.reaches()) {
                    post(node.peer(), new Event.PeerHeard(now, tell.report()));
                }
            }
            case Action.AskPeer _ -> ask(node);
            case Action.FencePeer fence -> fencePeer(node, fence);
            case Action.Drain drain -> drain(node, drain);
            case Action.Compare compare -> compare(node, compare);
            case Action.PrepareResync prepare ->
                    post(node, new Event.ResyncPrepared(now, prepare.copy(), 0));
            case Action.ReplaceStream replace -> replace(node, replace);
            case Action.Tail tail -> node.tailing = tail.copy();
            case Action.CopyOn on -> copyOn(node, on);
            case Action.StopCopy _ -> node.tailing = 0;
            case Action.TellProgress progress -> progress(node, progress);
            case Action.Grant grant -> grant(node, grant);
            case Action.Withdraw withdraw -> withdraw(node, withdraw);
            case Action.Reply reply -> reply(node, reply);
            case Action.Halt _ -> killAgent(node);
            case Action.Persist _,
                    Action.ReadOwn _,
                    Action.HoldGateways _,
                    Action.FenceOwn _,
                    Action.OpenOwn _,
                    Action.JumpOwn _,
                    Action.AnnounceLoss _,
                    Action.DropLocalSnapshot _ -> {}
        }
    }

    private void ask(Node node) {
        Node peer = node.peer();
        if (node.reaches() && peer.runs() && peer.agent != null) {
            post(node, new Event.PeerHeard(now, peer.agent.report()));
        } else {
            post(node, new Event.PeerUnanswered(now, now, node.reaches()));
        }
    }

    private void fencePeer(Node node, Action.FencePeer fence) {
        Node peer = node.peer();
        if (!node.reaches()) {
            post(node, new Event.PeerNotFenced(now, fence.op(), "unreachable"));
            return;
        }
        peer.server.fence(fence.mark());
        post(peer, new Event.StreamChanged(now));
        post(node, new Event.PeerFenced(now, fence.op(), peer.server.lastSeq()));
    }

    private void drain(Node node, Action.Drain drain) {
        if (!node.reaches()) {
            post(node, new Event.NotDrained(now, drain.op(), "unreachable"));
            return;
        }
        append(node, drain.barrier());
        post(node, new Event.Drained(now, drain.op(), node.server.lastSeq()));
    }

    private static void append(Node node, long upTo) {
        List<String> leaders = node.peer().server.messages;
        for (int i = (int) node.server.lastSeq(); i < Math.min(upTo, leaders.size()); i++) {
            node.server.messages.add(leaders.get(i));
        }
    }

    private void compare(Node node, Action.Compare compare) {
        if (!node.reaches()) {
            failed(node, compare.copy());
            return;
        }
        node.server.fence(compare.mark());
        List<String> own = node.server.messages;
        List<String> leaders = node.peer().server.messages;
        boolean prefix =
                compare.trust() != Action.Trust.NONE
                        && own.size() <= leaders.size()
                        && leaders.subList(0, own.size()).equals(own);
        Event.Comparison result = prefix ? Event.Comparison.PREFIX : Event.Comparison.ORPHANS;
        post(node, new Event.Compared(now, compare.copy(), result));
    }

    private void copyOn(Node node, Action.CopyOn on) {
        boolean asFenced =
                node.server.lastSeq() == on.barrier()
                        && node.server.face.equals(new Reading.Face.Fenced(on.mark()));
        if (node.reaches() && asFenced) {
            node.tailing = on.copy();
        } else {
            failed(node, on.copy());
        }
    }

    private void failed(Node node, long copy) {
        node.tailing = 0;
        post(node, new Event.CopyFailed(now, copy, Event.CopyProblem.LEADER, "unreachable"));
    }

    private void replace(Node node, Action.ReplaceStream replace) {
        if (!node.reaches()) {
            failed(node, replace.copy());
            return;
        }
        node.server.replace(List.copyOf(node.peer().server.messages), replace.mark());
        post(
                node,
                new Event.StreamReplaced(
                        now, replace.copy(), node.server.created(), 1, node.server.lastSeq()));
    }

    private void copy(Node node) {
        if (node.tailing == 0 || !node.runs() || !node.server.up) {
            return;
        }
        if (!node.reaches()) {
            failed(node, node.tailing);
        } else if (node.server.lastSeq() < node.peer().server.lastSeq()) {
            append(node, Long.MAX_VALUE);
            post(node, new Event.Copied(now, node.tailing, node.server.lastSeq(), 0));
        }
    }

    private void progress(Node node, Action.TellProgress progress) {
        if (node.reaches()) {
            post(
                    node.peer(),
                    new Event.ProgressHeard(
                            now,
                            node.sender(progress.counter()),
                            progress.term(),
                            progress.lastSeq()));
        }
    }

    private void grant(Node node, Action.Grant grant) {
        long request = ++requests;
        grants.put(request, grant.op());
        if (node.reaches() && node.peer().runs()) {
            post(
                    node.peer(),
                    new Event.TakeoverHeard(
                            now, request, node.sender(grant.op()), grant.term(), grant.consent()));
        }
        if (answersLost || !node.reaches() || !node.peer().runs()) {
            post(node, new Event.GrantUnanswered(now, grant.op()));
        }
    }

    private void withdraw(Node node, Action.Withdraw withdraw) {
        long request = ++requests;
        grants.put(request, withdraw.op());
        if (node.reaches() && node.peer().runs()) {
            post(
                    node.peer(),
                    new Event.WithdrawHeard(
                            now, request, node.sender(withdraw.op()), withdraw.number()));
        } else {
            post(node, new Event.GrantUnanswered(now, withdraw.op()));
        }
    }

    private void reply(Node node, Action.Reply reply) {
        Long op = grants.remove(reply.request());
        if (op == null || (answersLost && reply.answer() instanceof Answer.Led)) {
            return;
        }
        boolean done =
                reply.answer() instanceof Answer.Led || reply.answer() instanceof Answer.Done;
        if (node.reaches()) {
            post(node.peer(), new Event.GrantAnswered(now, op, done, "refused"));
        }
    }
}
