package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Warning.Severity;
import dev.twonode.cli.output.Texts;
import dev.twonode.config.Timing;
import dev.twonode.messaging.Denial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What one agent's own answer says is wrong.
final class NodeCheck {

    private final Seen seen;
    private final AgentState state;
    private final Pair pair;
    private final List<Warning> found = new ArrayList<>();

    NodeCheck(Seen seen, Pair pair) {
        this.seen = seen;
        this.state = seen.state();
        this.pair = pair;
    }

    List<Warning> warnings() {
        role();
        health();
        denied();
        paused();
        copying();
        clock();
        lost();
        orphans();
        return found;
    }

    private void role() {
        switch (state.role()) {
            case "waiting" -> {
                if (!state.health().equals("diverged") && !state.health().equals("cannot-open")) {
                    add(
                            "waiting",
                            pair.leader().isPresent() ? Severity.DEGRADED : Severity.CRITICAL,
                            state.node() + " waits: " + reason(),
                            "start the other node; only if it is lost for good, see what would be"
                                    + " lost: twonode promote"
                                    + target()
                                    + " --dry-run");
                }
            }
            case "stopped" ->
                    add(
                            "stopped",
                            Severity.DEGRADED,
                            state.node() + "'s agent is stopping: " + reason(),
                            AbsenceCheck.START_AGENT);
            case "starting", "joining", "promoting", "handing-over" -> {
                if (!state.health().equals("cannot-open")) {
                    add(
                            state.role(),
                            pair.leader().isPresent() ? Severity.DEGRADED : Severity.CRITICAL,
                            state.node() + " is " + state.role() + ": " + reason(),
                            "this ends by itself within seconds: twonode status -w" + target());
                }
            }
            default -> {}
        }
    }

    private void health() {
        switch (state.health()) {
            case "behind" -> behind();
            case "ok",
                    "",
                    "waiting",
                    "starting",
                    "joining",
                    "promoting",
                    "stopped",
                    "shows-nothing" -> {}
            case "cannot-open" ->
                    add(
                            "cannot-open",
                            severityOfBrokenStore(),
                            state.node() + " is to lead and cannot open its stream",
                            "look at the other streams on its nats-server: nats stream ls");
            case "diverged" ->
                    add(
                            "diverged",
                            Severity.DIVERGED,
                            state.node() + " and its peer have different histories: " + reason(),
                            "compare both (twonode history), choose the one to keep, then:"
                                    + " twonode rejoin --keep=NAME"
                                    + target());
            case "store-down" -> storeDown();
            case "store-readonly" ->
                    add(
                            "store-readonly",
                            severityOfBrokenStore(),
                            state.node() + "'s JetStream store takes no writes",
                            "make room on the disk of "
                                    + state.node()
                                    + " or repair its rights,"
                                    + " then restart its nats-server");
            default -> {
                if (!state.role().equals("waiting")) {
                    add(
                            state.health(),
                            Severity.DEGRADED,
                            state.node() + " reports " + state.health() + ": " + reason(),
                            "look at the agent's log on " + state.node());
                }
            }
        }
    }

    private void storeDown() {
        add(
                "store-down",
                severityOfBrokenStore(),
                state.node() + " cannot use its JetStream store: " + reason(),
                "look at the nats-server's log on "
                        + state.node()
                        + "; is it running, with JetStream enabled and room on its disk?");
    }

    /// A follower that copies needs nobody; one that cannot says why.
    private void behind() {
        if (!state.next().isEmpty()) {
            add(
                    "behind",
                    Severity.DEGRADED,
                    state.node() + " is behind and does not get on",
                    state.remedy());
        }
    }

    /// A permission that its login lacks may stop anything.
    private void denied() {
        for (Denial denied : state.denied()) {
            found.add(
                    new Warning(
                            "permission-missing",
                            pair.leader().isPresent() ? Severity.DEGRADED : Severity.CRITICAL,
                            state.node(),
                            denied.problem(state.node() + "'s login"),
                            denied.remedy()));
        }
    }

    private Severity severityOfBrokenStore() {
        boolean otherLeads = pair.leader().isPresent() && !pair.leader().get().equals(seen);
        return otherLeads ? Severity.DEGRADED : Severity.CRITICAL;
    }

    /// A pause of a leader matters once it follows.
    private void paused() {
        if (state.paused()) {
            Severity severity =
                    pair.leader().isEmpty()
                            ? Severity.CRITICAL
                            : state.isLeader() ? Severity.NOTE : Severity.DEGRADED;
            add(
                    "paused",
                    severity,
                    state.node() + " is paused: it takes over nothing by itself",
                    "let it again: nats" + target() + " req resume ''");
        }
    }

    private void copying() {
        AgentState.Copy copy = state.copy();
        if (state.isLeader() || !copy.isLong() || state.inSync()) {
            return;
        }
        String progress =
                copy.total() > 0
                        ? "%s (%d %%), %s a second%s"
                                .formatted(
                                        copy.doneOfTotal(),
                                        copy.percent(),
                                        copy.amount(copy.perSecond()),
                                        timeLeft(copy))
                        : "no end known yet";
        add(
                "copying",
                Severity.DEGRADED,
                state.node() + " is " + copy.phase() + ": " + progress,
                "wait for it: twonode status -w" + target());
    }

    /// Nothing while no rate is known.
    private static String timeLeft(AgentState.Copy copy) {
        return copy.remainingMs() < 0
                ? ""
                : ", about " + Texts.span(Duration.ofMillis(copy.remainingMs())) + " left";
    }

    private void clock() {
        long skew = state.peer().skewMs();
        boolean saidByOther = pair.seen().size() > 1 && !pair.seen().getFirst().equals(seen);
        if (Math.abs(skew) > Timing.GREATEST_SKEW.toMillis() && !saidByOther) {
            add(
                    "clock-skew",
                    Severity.DEGRADED,
                    "the clocks of "
                            + state.node()
                            + " and "
                            + state.peer().node()
                            + " differ by "
                            + Texts.span(Duration.ofMillis(Math.abs(skew)))
                            + "; Kubernetes leases depend on them",
                    "synchronise both with NTP, for example: chronyc makestep");
        }
    }

    private void lost() {
        AgentState.Lost lost = state.lost();
        if (!lost.message().isEmpty()) {
            add(
                    "revisions-lost",
                    lost.restarted() ? Severity.NOTE : Severity.TASK,
                    state.node()
                            + ": since term "
                            + Texts.count(lost.term())
                            + " "
                            + lost.message(),
                    lost.restarted()
                            ? "nothing: kine and the API server were restarted"
                            : "restart kine and then the API server (K3s) of "
                                    + state.node()
                                    + ", which still know those revisions, and then say so:"
                                    + " twonode acknowledge"
                                    + target());
        }
    }

    private void orphans() {
        if (state.orphans() > 0) {
            add(
                    "orphans",
                    Severity.NOTE,
                    state.node()
                            + " keeps "
                            + Texts.count(state.orphans())
                            + (state.orphans() == 1 ? " export" : " exports")
                            + " of writes that were not taken over",
                    "look at them: twonode orphans list" + target());
        }
    }

    private String reason() {
        return state.reason().isEmpty() ? "no reason given" : state.reason();
    }

    private String target() {
        return " -s " + seen.address();
    }

    /// What the agent itself advises is nearer to the matter than what can be told from here.
    private void add(String code, Severity severity, String message, String next) {
        boolean isOwnTrouble = !severity.isFine() && !code.equals("clock-skew");
        String advice = isOwnTrouble && !state.next().isEmpty() ? state.remedy() : next;
        found.add(new Warning(code, severity, state.node(), message, advice));
    }
}
