package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.Assessment;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.output.Documents;
import dev.twonode.cli.output.HandoverView;
import dev.twonode.cli.output.StatusView;
import dev.twonode.cli.output.TablePrinter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode stepdown`.
@Command(
        name = "stepdown",
        header = "Hands the lead over to the peer.",
        description = {
            "",
            "The leader holds writes, waits until its peer has the last one, and gives the lead"
                    + " away; no acknowledged write is lost. Refused while the peer is not in sync."
                    + " -s names the leader, or both nodes."
        },
        footer = {
            "  twonode stepdown -s localhost:4222            asks first",
            "  twonode stepdown -s a:4222,b:4222 --yes       whichever leads, from a script",
            "  twonode stepdown --wait-timeout 5m --yes      first let the peer catch up",
            "  twonode stepdown --dry-run                    what would happen"
        })
public final class StepDown implements Callable<Integer>, Connects {

    /// A handover takes milliseconds; this leaves an agent with a slow disk its time.
    private static final Duration LONGEST_HANDOVER = Duration.ofSeconds(15);

    private final Environment environment;
    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;
    @Mixin private final Consent consent;

    @Option(
            names = "--wait-timeout",
            paramLabel = "TIME",
            description = "let the peer catch up for that long first (default: 0)")
    private Span waitTimeout = Span.ZERO;

    public StepDown(Environment environment) {
        this.environment = environment;
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
        this.consent = new Consent(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        try (PairReader reader = connection.reader()) {
            Pair before = reader.readBoth();
            Seen leader = leader(before);
            show("before", before);
            check(leader);
            String peer = peerName(leader);
            if (consent.isDryRun()) {
                output.print(HandoverView.planned(leader.state(), peer));
                return ExitCode.OK.number();
            }
            consent.require(
                    "Hand the lead over from " + leader.state().node() + " to " + peer + "?",
                    "stepdown");
            output.print(handOver(reader, leader));
            return ExitCode.OK.number();
        }
    }

    /// The named node must lead, so that nobody moves the lead by a mistaken address.
    private Seen leader(Pair pair) {
        Seen asked = Absence.firstSeen(pair);
        boolean namedSeveral = connection.settings().servers().size() > 1;
        Optional<Seen> leader = pair.leader();
        if (asked.state().isLeader()) {
            return asked;
        }
        if (leader.isPresent() && namedSeveral) {
            return leader.get();
        }
        throw new Failure(
                ExitCode.WRONG_ROLE,
                "stepdown refused by " + asked.state().node() + " at " + asked.address(),
                "it does not lead, its role is " + asked.state().role(),
                leader.map(l -> "ask the leader: twonode stepdown -s " + l.address())
                        .orElse("no leader was found: twonode status -s " + asked.address()));
    }

    /// Said before anybody is asked to confirm; the agent checks again when it matters.
    private void check(Seen leader) {
        if (leader.state().inSync() || !waitTimeout.isZero()) {
            return;
        }
        ObjectNode refusal = Documents.object();
        refusal.put("code", "not-in-sync");
        refusal.put(
                "error",
                peerName(leader)
                        + " is not in sync with "
                        + leader.state().node()
                        + " and could not take over without loss");
        AgentState.Peer peer = leader.state().peer();
        if (peer.isSilent() || peer.isNeverHeard()) {
            refusal.put(
                    "next",
                    "start "
                            + peerName(leader)
                            + " first, its NATS server and its agent: twonode status -s "
                            + leader.address());
        }
        throw Refusal.failure("stepdown", refusal, leader.address());
    }

    private HandoverView handOver(PairReader reader, Seen leader) {
        ObjectNode body = Documents.object();
        if (!waitTimeout.isZero()) {
            body.put("waitMs", waitTimeout.duration().toMillis());
        }
        Duration patience = waitTimeout.duration().plus(LONGEST_HANDOVER);
        Reply reply = reader.ask(leader.address(), "stepdown", body, patience);
        Pair after = reader.readBoth();
        HandoverView done =
                switch (reply) {
                    case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() ->
                            HandoverView.done(leader.state(), answer);
                    case Reply.Answered(ObjectNode answer) ->
                            throw Refusal.failure("stepdown", answer, leader.address());
                    case Reply.Unanswered(String why) -> unanswered(leader, after, why);
                    case Reply.Failed failed ->
                            throw Absence.failure(
                                    "stepdown did not reach " + leader.address(), failed);
                };
        show("after", after);
        return done;
    }

    /// The answer is lost, but the nodes may tell how it ended.
    private static HandoverView unanswered(Seen leader, Pair after, String why) {
        Optional<Seen> now = after.leader();
        if (now.isPresent()
                && !now.get().state().node().equals(leader.state().node())
                && now.get().state().term() > leader.state().term()) {
            ObjectNode answer = Documents.object();
            answer.put("leader", now.get().state().node());
            answer.put("term", now.get().state().term());
            return HandoverView.done(leader.state(), answer);
        }
        throw new Failure(
                ExitCode.OUTCOME_UNKNOWN,
                "no answer to stepdown from " + leader.address() + "; it may still happen",
                why,
                "look which node leads, and in which term (it was "
                        + leader.state().term()
                        + "): twonode status -s "
                        + leader.address());
    }

    private static String peerName(Seen leader) {
        String name = leader.state().peer().node();
        return name.isEmpty() ? "the peer" : name;
    }

    private void show(String when, Pair pair) {
        if (output.isForPeople()) {
            StatusView view =
                    new StatusView(
                            Assessment.of(pair),
                            connection.bucket() + ", " + when,
                            environment.clock().instant());
            new TablePrinter(output.style())
                    .lines(view.table())
                    .forEach(environment.streams().out()::println);
            environment.streams().out().flush();
        }
    }
}
