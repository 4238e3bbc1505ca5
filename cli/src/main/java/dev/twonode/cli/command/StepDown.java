package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.agent.Subjects;
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
import dev.twonode.cli.rig.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
                + " away; no acknowledged write is lost. Refused while the peer is not in sync. -s"
                + " names the leader, or both nodes. On a terminal it asks before it does it; a"
                + " script has nobody to ask, and has to say --yes."
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

    private static final Duration LOOK = Duration.ofMillis(50);

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
            @Nullable Boolean paused =
                    before.peerOf(leader).map(it -> it.state().paused()).orElse(null);
            if (Boolean.TRUE.equals(paused)) {
                warnOfPause(peer);
            }
            if (consent.isDryRun()) {
                output.print(HandoverView.planned(leader.state(), peer).to(paused));
                return ExitCode.OK.number();
            }
            consent.require(
                    "Hand the lead over from " + leader.state().node() + " to " + peer + "?",
                    "stepdown");
            output.print(handOver(reader, leader).to(paused));
            return ExitCode.OK.number();
        }
    }

    /// A pause says that a node takes over nothing by itself, and this is not by itself. Whoever
    /// paused it may have meant more.
    private void warnOfPause(String peer) {
        environment
                .streams()
                .err()
                .println(
                        "warning: "
                                + peer
                                + " is paused, which keeps it from taking over by itself and not"
                                + " from a handover: it will lead");
        environment.streams().err().flush();
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
        Optional<Seen> moving = pair.seen().stream().filter(StepDown::isMoving).findFirst();
        if (leader.isEmpty() && moving.isPresent()) {
            AgentState state = moving.get().state();
            throw new Failure(
                    ExitCode.REFUSED,
                    "stepdown refused: no node leads at this moment",
                    "the lead is changing already, " + state.node() + " is " + state.role(),
                    "ask again in a few seconds; how far that is shows twonode status -s "
                            + asked.address());
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
        if (waitTimeout.duration().compareTo(Subjects.LONGEST_WAIT) > 0) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--wait-timeout is too long",
                    "an agent waits at most ten minutes before it answers",
                    "give --wait-timeout 10m, and ask again after that");
        }
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
        throw refused(refusal, leader);
    }

    /// A peer that is not there, or waits itself, catches up by no waiting.
    private static Failure refused(ObjectNode refusal, Seen leader) {
        AgentState.Peer peer = leader.state().peer();
        boolean isGone = peer.isSilent() || peer.isNeverHeard();
        boolean isBehind = refusal.path("code").asText().equals("not-in-sync");
        if (isBehind && (isGone || peer.outlivesItsServer())) {
            String missing =
                    isGone
                            ? "start " + peerName(leader) + " first, its NATS server and its agent"
                            : "start the NATS server of "
                                    + peerName(leader)
                                    + " first; its agent runs and connects by itself";
            refusal.put("next", missing + ": twonode status -s " + leader.address());
        } else if (isBehind && peer.role().equals("waiting")) {
            String waits = peerName(leader) + " waits for something first, see ";
            refusal.put("next", waits + "twonode status -s " + leader.address());
        }
        return Refusal.failure("stepdown", refusal, leader.address());
    }

    private HandoverView handOver(PairReader reader, Seen leader) {
        ObjectNode body = Documents.object();
        if (!waitTimeout.isZero()) {
            body.put("waitMs", waitTimeout.duration().toMillis());
        }
        Duration patience = waitTimeout.duration().plus(LONGEST_HANDOVER);
        Reply reply = reader.ask(leader.address(), "stepdown", body, patience);
        return switch (reply) {
            case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() -> {
                show("after", reader.readBoth());
                yield HandoverView.done(leader.state(), answer);
            }
            case Reply.Answered(ObjectNode answer) -> {
                Failure failure = refused(answer, leader);
                if (failure.code() != ExitCode.OUTCOME_UNKNOWN) {
                    throw failure;
                }
                yield outcome(reader, leader, failure);
            }
            case Reply.Unanswered(String why) -> outcome(reader, leader, unanswered(leader, why));
            case Reply.Failed failed ->
                    throw Absence.failure("stepdown did not reach", leader.address(), failed);
        };
    }

    /// The leader cannot say how it ended, but the nodes may: looks at them until one leads, as
    /// long as one is on its way to it.
    ///
    /// @param otherwise what is to be said when they do not tell
    private HandoverView outcome(PairReader reader, Seen leader, Failure otherwise) {
        long end = System.nanoTime() + LONGEST_HANDOVER.toNanos();
        @Nullable Seen stuck = null;
        Pair after = reader.readBoth();
        while (isUnderWay(after) && System.nanoTime() - end < 0) {
            stuck = stuck(after).orElse(stuck);
            Waiting.rest(LOOK);
            after = reader.readBoth();
        }
        show("after", after);
        Optional<Seen> now = after.leader().filter(it -> it.state().term() > leader.state().term());
        if (now.isPresent() && !isSame(now.get(), leader)) {
            ObjectNode answer = Documents.object();
            answer.put("leader", now.get().state().node());
            answer.put("term", now.get().state().term());
            return HandoverView.done(leader.state(), answer);
        }
        if (stuck == null) {
            throw otherwise;
        }
        throw now.isPresent() ? undone(now.get(), stuck) : cannotOpen(leader, stuck);
    }

    private static boolean isMoving(Seen seen) {
        return switch (seen.state().role()) {
            case "promoting", "handing-over" -> true;
            default -> false;
        };
    }

    private static boolean isUnderWay(Pair pair) {
        boolean moves =
                pair.seen().stream()
                        .anyMatch(seen -> isMoving(seen) || seen.state().role().equals("joining"));
        return pair.leader().isEmpty() && (moves || stuck(pair).isPresent());
    }

    /// The node that was given the lead and cannot take it.
    private static Optional<Seen> stuck(Pair pair) {
        return pair.seen().stream()
                .filter(seen -> seen.state().health().equals("cannot-open"))
                .findFirst();
    }

    private static boolean isSame(Seen one, Seen other) {
        return one.state().node().equals(other.state().node());
    }

    private static Failure undone(Seen leader, Seen heir) {
        String name = heir.state().node();
        return new Failure(
                ExitCode.REFUSED,
                name
                        + " could not take the lead, so "
                        + leader.state().node()
                        + " leads again, in term "
                        + leader.state().term(),
                heir.state().next(),
                "mend that on " + name + " and try again: " + name + " could not take over either");
    }

    private static Failure cannotOpen(Seen leader, Seen heir) {
        String name = heir.state().node();
        return new Failure(
                ExitCode.OUTCOME_UNKNOWN,
                leader.state().node()
                        + " gave the lead to "
                        + name
                        + ", which cannot take it: no node takes writes now",
                heir.state().next(),
                "mend that on "
                        + name
                        + ", which then leads by itself: twonode status -w -s "
                        + leader.address());
    }

    private static Failure unanswered(Seen leader, String why) {
        return new Failure(
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
