package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Warning.Severity;
import dev.twonode.cli.output.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is wrong between the two nodes.
final class PairCheck {

    private final Pair pair;
    private final List<Warning> found = new ArrayList<>();

    PairCheck(Pair pair) {
        this.pair = pair;
    }

    List<Warning> warnings() {
        leadership();
        pair.leader()
                .ifPresent(leader -> {
                    if (leader.state().showsNothing()) {
                        showsNothing(leader);
                    } else {
                        alone(leader);
                    }
                });
        pair.seen().forEach(this::contact);
        inSync();
        likeness();
        return found;
    }

    private void leadership() {
        List<Seen> leaders = pair.seen().stream().filter(s -> s.state().isLeader()).toList();
        if (leaders.size() > 1) {
            add(
                    "both-lead",
                    Severity.DIVERGED,
                    leaders.stream()
                                    .map(s -> s.state().node() + " (term " + s.state().term() + ")")
                                    .collect(Collectors.joining(" and "))
                            + " both lead: each serves writes that the other does not have",
                    "restore the network between them; they then settle it by themselves and keep"
                            + " the loser's writes (twonode orphans list)");
        } else if (leaders.isEmpty() && !peerLeads()) {
            add(
                    "no-leader",
                    Severity.CRITICAL,
                    "no node leads: nothing can be written",
                    pair.seen().stream()
                            .map(s -> s.state().remedy())
                            .filter(next -> !next.isEmpty())
                            .findFirst()
                            .orElse("watch whether it settles: twonode status -w" + target()));
        }
    }

    /// Only the other node's word for it: it was not asked, or did not answer.
    private boolean peerLeads() {
        return pair.seen().size() == 1
                && pair.seen().getFirst().state().peer().role().equals("leader")
                && !pair.seen().getFirst().state().peer().isSilent();
    }

    private void alone(Seen leader) {
        AgentState state = leader.state();
        if (!state.alone()) {
            return;
        }
        Optional<Seen> other = pair.peerOf(leader);
        add(
                "alone",
                Severity.DEGRADED,
                state.node()
                        + " leads alone: what is written now is on one machine only"
                        + (state.reason().isEmpty() ? "" : " (" + state.reason() + ")"),
                other.map(it -> untilBack(it.state())).orElseGet(() -> whatTheOtherNeeds(leader)));
    }

    /// With `--when-alone stop`.
    private void showsNothing(Seen leader) {
        AgentState.Peer peer = leader.state().peer();
        add(
                "shows-nothing",
                Severity.CRITICAL,
                leader.state().node()
                        + " shows nothing until "
                        + name(peer.node(), "its peer")
                        + " is back (--when-alone stop)",
                peer.isHeard()
                        ? pair.peerOf(leader)
                                .map(it -> untilBack(it.state()))
                                .orElseGet(() -> whatTheOtherNeeds(leader))
                        : whatIsToBeDone(leader));
    }

    private String untilBack(AgentState other) {
        if (other.role().equals("waiting")) {
            return other.node() + " answers but waits: see what it needs above";
        }
        return !other.isHealthy() && !other.next().isEmpty()
                ? other.node() + " answers but needs something: see above"
                : other.node() + " is back and catches up: twonode status -w" + target();
    }

    private void contact(Seen seen) {
        AgentState state = seen.state();
        AgentState.Peer peer = state.peer();
        String other = peer.node().isEmpty() ? "its peer" : peer.node();
        if (peer.isNeverHeard()) {
            add(
                    "peer-never-heard",
                    Severity.DEGRADED,
                    state.node()
                            + (peer.isMet()
                                    ? " has not heard " + other + " since its agent started,"
                                    : " has never heard " + other)
                            + " at "
                            + peer.url()
                            + why(peer),
                    whatIsToBeDone(seen));
        } else if (peer.isSilent()) {
            add(
                    "peer-silent",
                    Severity.DEGRADED,
                    state.node()
                            + " has not heard "
                            + other
                            + " for "
                            + Texts.span(Duration.ofMillis(Math.max(0, peer.lastContactMs())))
                            + why(peer),
                    whatIsToBeDone(seen));
        } else if (peer.isElsewhere()) {
            add(
                    "peer-elsewhere",
                    Severity.DEGRADED,
                    state.node()
                            + " hears "
                            + other
                            + " but does not reach its NATS server at "
                            + peer.url()
                            + why(peer),
                    AbsenceCheck.whereItIs(seen));
        }
    }

    /// An agent looks for its peer at one address only, and that may be another's.
    private String whatIsToBeDone(Seen seen) {
        AgentState.Peer peer = seen.state().peer();
        return pair.peerOf(seen)
                .map(other ->
                        "%s answers from here, at %s: look at the network between the two, and"
                                        .formatted(other.state().node(), other.address())
                                + " correct --peer-url of %s unless %s is that server as seen from"
                                        .formatted(seen.state().node(), peer.url())
                                + " its machine")
                .orElseGet(() -> whatTheOtherNeeds(seen));
    }

    private static String why(AgentState.Peer peer) {
        return peer.failure().isEmpty() ? "" : ": " + peer.failure();
    }

    /// What was found where the other node should be says best what it needs.
    private String whatTheOtherNeeds(Seen seen) {
        return pair.unseen().stream()
                .findFirst()
                .map(unseen -> AbsenceCheck.of(unseen, pair).next())
                .orElse("look at the other node: twonode status -s " + seen.state().peer().url());
    }

    private void inSync() {
        Optional<Seen> leader = pair.leader();
        if (leader.isEmpty()
                || leader.get().state().alone()
                || leader.get().state().showsNothing()) {
            return;
        }
        AgentState lead = leader.get().state();
        Optional<Seen> follower = pair.peerOf(leader.get());
        boolean copies = follower.isPresent() && follower.get().state().copy().isLong();
        if (!lead.inSync() && !copies) {
            add(
                    "not-in-sync",
                    Severity.DEGRADED,
                    name(lead.peer().node(), "the follower")
                            + " does not hold everything yet (lag "
                            + Texts.count(lead.peer().lag())
                            + "); it would not take over by itself now",
                    "watch it catch up: twonode status -w" + target());
        }
    }

    private void likeness() {
        if (pair.seen().size() < 2) {
            return;
        }
        AgentState one = pair.seen().getFirst().state();
        AgentState two = pair.seen().getLast().state();
        if (!one.pair().isEmpty() && !two.pair().isEmpty() && !one.pair().equals(two.pair())) {
            add(
                    "other-pair",
                    Severity.DIVERGED,
                    one.node() + " and " + two.node() + " belong to different pairs",
                    "correct --peer-url of both" + onePair());
        }
        if (one.node().equals(two.node())) {
            add(
                    "same-name",
                    Severity.CRITICAL,
                    "both nodes are named " + one.node(),
                    "start the agent of one of them with another --name");
        }
        if (!one.version().equals(two.version())) {
            add(
                    "versions-differ",
                    Severity.NOTE,
                    "%s runs twonode %s, %s runs %s"
                            .formatted(one.node(), one.version(), two.node(), two.version()),
                    "bring both to the same version, the follower first");
        }
    }

    /// Only a node that met the other one waits for a decision.
    private String onePair() {
        return pair.seen().stream()
                .filter(it -> it.state().role().equals("waiting"))
                .findFirst()
                .map(it ->
                        "; only if the two shall be one pair from now on: twonode rejoin"
                                + " --keep=NAME -s "
                                + it.address())
                .orElse(" and start their agents again");
    }

    private static String name(String name, String otherwise) {
        return name.isEmpty() ? otherwise : name;
    }

    private String target() {
        return " -s " + pair.seen().getFirst().address();
    }

    private void add(String code, Severity severity, String message, String next) {
        found.add(new Warning(code, severity, "", message, next));
    }
}
