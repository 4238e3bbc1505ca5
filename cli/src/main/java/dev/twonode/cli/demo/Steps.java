package dev.twonode.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.output.Texts;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Pair;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Typed;
import dev.twonode.cli.rig.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/// The steps of the demo. Each says what it does, does what is still to be done of it, checks the
/// outcome, and sums up what the writer saw.
final class Steps {

    /// What is left to type when nothing runs any more.
    static final String AFTER_THE_END =
            "twonode demo start-leader (goes on from here), or twonode demo clean (removes it all)";

    private static final String LEADER = "leader";
    private static final String FOLLOWER = "follower";

    /// Long enough for a first start on a slow machine, and for any take-over.
    private static final Duration ROLE = Duration.ofMinutes(1);

    private static final Duration IN_SYNC = Duration.ofMinutes(2);
    private static final Duration HANDOVER = Duration.ofSeconds(70);

    private final Stage stage;
    private final Narrator say;
    private final Proof proof;
    private final Typed typed;
    private final Duration pace;

    /// @param typed how the programs are typed that show more
    /// @param pace how long to let the person look before a step's last check
    Steps(Stage stage, Narrator say, Proof proof, Typed typed, Duration pace) {
        this.stage = stage;
        this.say = say;
        this.proof = proof;
        this.typed = typed;
        this.pace = pace;
    }

    ExitCode startLeader() {
        String node = stage.state().leads();
        say.title("Start the leader: node " + node);
        say.explain(
                "A NATS server and beside it a twonode agent. At the pair's very first start the"
                        + " node that was told --leader leads without its peer; later it is the one"
                        + " that led when the other was gone.");
        stage.bringUp(node);
        long began = System.nanoTime();
        boolean good = await("node " + node + " leads", node, NodeState::leads, ROLE);
        if (good) {
            stage.bringUpBeside(node);
            stage.startWriter();
        }
        watchWith(node);
        return conclude(node, began, good, "twonode demo start-follower");
    }

    ExitCode startFollower() {
        String leader = theLeader("start-leader");
        String node = stage.state().peerOf(leader).name();
        begin(
                "Start the follower: node " + node,
                "It fences its own stream, so that nobody else writes there, copies the leader's"
                        + " stream sequence by sequence, and stays in sync.");
        long began = System.nanoTime();
        stage.bringUp(node);
        boolean good = follows(node, leader);
        if (good) {
            stage.bringUpBeside(node);
        }
        watchWith(node);
        return conclude(leader, began, good, "twonode demo kill-follower");
    }

    ExitCode killFollower() {
        RigState state = stage.state();
        String leader = theLeader("start-leader");
        String node = state.peerOf(leader).name();
        begin(
                "Kill the follower: node " + node,
                "All of node "
                        + node
                        + " ends at once (SIGKILL), as in a power cut. The leader notices the"
                        + " silence and goes on alone.");
        long began = System.nanoTime();
        if (stage.wasKilledAs(state.node(node), FOLLOWER)) {
            say.done("node " + node + " is dead already");
        } else {
            mustBeUp(node, "start-follower");
            stage.kill(node, FOLLOWER);
        }
        boolean good = await("node " + leader + " leads alone", leader, this::leadsAlone, ROLE);
        return conclude(leader, began, good, "twonode demo restart-follower");
    }

    ExitCode restartFollower() {
        return restart("Start the follower again", "twonode demo swap-leader");
    }

    ExitCode restartLeader() {
        return restart("Start the dead leader again", "twonode demo status");
    }

    private ExitCode restart(String title, String next) {
        String leader = theLeader("start-leader");
        String node = stage.state().peerOf(leader).name();
        begin(
                title + ": node " + node,
                "It joins as follower, whatever it was before, gives up what the present leader"
                        + " never had (after exporting it), and copies what it missed.");
        long began = System.nanoTime();
        stage.bringUp(node);
        boolean good = follows(node, leader);
        if (good) {
            stage.bringUpBeside(node);
        }
        return conclude(leader, began, good, next);
    }

    ExitCode swapLeader() {
        String leader = theLeader("start-leader");
        String node = stage.state().peerOf(leader).name();
        begin(
                "Swap the leader: from node " + leader + " to node " + node,
                "The leader stops taking writes, waits until the follower has the last one, and"
                        + " hands over.");
        mustBeUp(node, "restart-follower");
        mustBeInSync(leader);
        say.command("twonode stepdown -s " + stage.state().node(leader).address());
        say.orCommand("nats -s " + stage.state().node(leader).address() + " req stepdown ''");
        long began = System.nanoTime();
        Optional<JsonNode> answer = stage.pair().request(leader, "stepdown", "", HANDOVER);
        boolean done = answer.map(json -> json.path("ok").asBoolean()).orElse(false);
        if (done) {
            say.done(
                    "node "
                            + leader
                            + " handed over; writes were held for "
                            + Texts.span(
                                    Duration.ofMillis(
                                            answer.orElseThrow().path("heldMs").asLong())),
                    Duration.ofNanos(System.nanoTime() - began));
        } else {
            say.wrong("no handover: " + answer.map(JsonNode::toString).orElse("no answer"));
        }
        boolean good = done && await("node " + node + " leads", node, NodeState::leads, ROLE);
        if (!good) {
            return conclude(theLeader("start-leader"), began, false, "twonode demo status");
        }
        stage.nowLeads(node);
        boolean follows = follows(leader, node);
        return conclude(node, began, follows, "twonode demo kill-leader");
    }

    ExitCode killLeader() {
        Optional<RigState.Node> dead =
                stage.state().nodes().stream()
                        .filter(one -> stage.wasKilledAs(one, LEADER))
                        .findFirst();
        String leader = dead.map(RigState.Node::name).orElseGet(() -> theLeader("start-leader"));
        String heir = stage.state().peerOf(leader).name();
        begin(
                "Kill the leader: node " + leader,
                "Agent and server of node "
                        + leader
                        + " end at once (SIGKILL) while it takes writes. Node "
                        + heir
                        + " was in sync, so it takes over.");
        long began = System.nanoTime();
        if (dead.isPresent()) {
            say.done("node " + leader + " is dead already");
        } else {
            mustBeUp(heir, "restart-follower");
            mustBeInSync(leader);
            began = System.nanoTime();
            stage.kill(leader, LEADER);
        }
        boolean good = await("node " + heir + " leads", heir, NodeState::leads, ROLE);
        if (good) {
            stage.nowLeads(heir);
        }
        return conclude(heir, began, good, "twonode demo restart-leader");
    }

    /// Ends everything in order. The leader ends last, so that it knows that it holds everything.
    ExitCode stop() {
        say.title("Stop the demo");
        RigState state = stage.state();
        if (!stage.anythingRuns()) {
            say.done("nothing is running");
            return ExitCode.OK;
        }
        stage.endWriter();
        Pair pair = stage.pair();
        String leader =
                state.nodes().stream()
                        .map(RigState.Node::name)
                        .filter(pair::leads)
                        .findFirst()
                        .orElse(state.leads());
        String follower = state.peerOf(leader).name();
        stage.backend().end(follower);
        stage.nowLeads(leader);
        // Stopped before it has noticed that it is alone, the leader would wait for its peer at
        // its next start.
        Waiting.until(() -> pair.ask(leader).filter(one -> !leadsAlone(one)).isEmpty(), ROLE);
        stage.backend().end(leader);
        say.done("both nodes and the writer are stopped; the data stay in " + root());
        say.next(AFTER_THE_END);
        return ExitCode.OK;
    }

    /// Ends everything at once and removes the demo's files.
    ExitCode clean() {
        say.title("Clean up");
        stage.erase();
        say.done("nothing of the demo runs in " + root() + ", and its files are removed");
        return ExitCode.OK;
    }

    /// Says what a step does, and starts a writer that somebody ended: without one no step could
    /// prove anything.
    private void begin(String title, String explanation) {
        say.title(title);
        say.explain(explanation);
        stage.startWriter();
    }

    private String root() {
        return stage.folder().root().toString();
    }

    private boolean follows(String node, String leader) {
        return await(
                        "node " + node + " is in sync",
                        node,
                        one -> !one.leads() && one.inSync(),
                        IN_SYNC)
                && proof.streamsAreEqual(leader, node);
    }

    private boolean leadsAlone(NodeState one) {
        return one.leads() && one.alone();
    }

    private boolean await(
            String what, String node, Predicate<NodeState> condition, Duration bound) {
        Pair pair = stage.pair();
        boolean[] held = {false};
        boolean ended =
                say.await(
                        what,
                        () -> pair.inWords(node),
                        () -> {
                            held[0] = pair.ask(node).filter(condition).isPresent();
                            return held[0] || !stage.backend().isUp(node);
                        },
                        () -> held[0],
                        bound);
        if (!ended && !stage.backend().isUp(node)) {
            say.wrong("node " + node + " has ended; " + stage.backend().lastWords(node));
        }
        return ended;
    }

    /// The node that leads now.
    private String theLeader(String remedy) {
        Pair pair = stage.pair();
        RigState state = stage.state();
        if (!stage.anythingRuns()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "there is no leader",
                    "nothing of the demo runs in " + root(),
                    "twonode demo " + remedy);
        }
        String[] found = {""};
        Waiting.until(
                () -> {
                    state.nodes().stream()
                            .map(RigState.Node::name)
                            .filter(pair::leads)
                            .findFirst()
                            .ifPresent(name -> found[0] = name);
                    return !found[0].isEmpty();
                },
                Duration.ofSeconds(10));
        if (found[0].isEmpty()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "no node leads",
                    "node a: " + pair.inWords("a") + "; node b: " + pair.inWords("b"),
                    "twonode demo " + remedy + ", or look with twonode demo status");
        }
        stage.nowLeads(found[0]);
        return found[0];
    }

    private void mustBeUp(String node, String remedy) {
        if (!stage.backend().isUp(node)) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "this step needs both nodes",
                    "node " + node + " is down",
                    "twonode demo " + remedy);
        }
    }

    private void mustBeInSync(String leader) {
        if (!await("both nodes are in sync", leader, NodeState::inSync, IN_SYNC)) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "this step needs both nodes in sync",
                    "node " + leader + ": " + stage.pair().inWords(leader),
                    "wait, and look with twonode demo status");
        }
    }

    private void watchWith(String node) {
        String address = stage.state().node(node).address();
        say.explain("Watch it in another terminal:");
        say.command("watch " + typed.nats() + " -s " + address + " stream report");
        say.command(typed.nats() + " -s " + address + " sub status");
        say.command(typed.twonode() + " status -w -s " + stage.state().addresses(node));
        stage.backend().views(node).forEach(say::command);
    }

    private boolean kinesWentOn() {
        return stage.state().nodes().stream()
                .map(RigState.Node::name)
                .filter(stage.backend()::isUp)
                .map(stage.backend()::kineWentOn)
                .reduce(true, (one, other) -> one && other);
    }

    private ExitCode conclude(String leader, long sinceNanos, boolean good, String next) {
        if (!good && proof.history().writes().isEmpty()) {
            return ExitCode.FAILURE;
        }
        boolean writes =
                good
                        && proof.writesGoOn(leader, System.nanoTime())
                        && kinesWentOn()
                        && stage.backend().knowsWorkload(leader);
        Waiting.rest(pace);
        ExitCode code = proof.sumUp(leader, sinceNanos, good && writes);
        say.next(next);
        return code;
    }
}
