package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.claiming;
import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The states that matter, each reached by real steps, and every kind of event.
final class Situations {

    private static final long REQUEST = 55;

    private Situations() {}

    static Map<String, Scenario> states() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        Scenario unread = starting(settings(A), journal(A, SHARED, 100), 100);
        unread.server.answering = false;
        all.put("Starting", unread.connect());
        all.put("Joining", Scenario.joining());
        all.put("Joining, without a store", Scenario.joining().loseServer());
        all.put("Following", Scenario.following());
        all.put("Following, in sync", Scenario.inSync());
        all.put("Promoting, fences the peer", Scenario.inSync().silence(1_600, true));
        all.put("Promoting, drains", draining());
        all.put("Promoting, takes the barrier", barrier());
        all.put("Promoting, claims", Scenario.joining().hear(joining(SHARED, 90)));
        all.put("Promoting, jumps", jumping());
        all.put("Promoting, opens", opening());
        all.put("Leading, alone", Scenario.leadingAlone());
        all.put("Leading, both", Scenario.leadingBoth());
        all.put("Leading, about to be alone", changing());
        all.put("HandingOver, lets gateways hold", holding());
        all.put("HandingOver, fences", handingOver());
        all.put("HandingOver, drains", handoverDraining());
        all.put("HandingOver, grants", HandoverRulesTest.granting());
        all.put("HandingOver, takes back", HandoverRulesTest.withdrawing());
        all.put("Waiting, no proof", Scenario.joining().advance(10_000));
        all.put("Waiting, unrelated", unrelated());
        all.put("Waiting, journal failed", journalFailed());
        all.put("Waiting, cannot open", cannotOpen());
        all.put("Stopped", Scenario.joining().on(new Event.StopAsked(0)));
        all.values().forEach(Scenario::forget);
        return all;
    }

    private static Scenario draining() {
        Scenario a = Scenario.inSync().silence(1_600, true);
        return a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 120));
    }

    private static Scenario barrier() {
        Scenario a = Scenario.inSync();
        a.server.answering = false;
        return a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
    }

    private static Scenario opening() {
        Scenario a = barrier();
        a.server.fence(a.newest(Action.FenceOwn.class).mark());
        long op = a.newest(Action.FenceOwn.class).op();
        return a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));
    }

    private static Scenario jumping() {
        Scenario a = starting(settings(A), journal(A, SHARED, 120), 100).connect();
        a.hear(joining(SHARED, 90).ceiling(1_000));
        a.server.answering = false;
        Term claim = ((State.Phase.Claiming) ((State.Promoting) a.state).phase()).claim();
        return a.hear(joining(SHARED, 90).consenting(claim.number(), A, 90, a.nextPeerCounter()));
    }

    private static Scenario changing() {
        Scenario a = Scenario.leadingBoth().silence(1_450, false);
        a.server.answering = false;
        a.silence(100, false);
        long op = ((State.Change.Numbered) a.leads().change()).op();
        return a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));
    }

    private static Scenario holding() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        return a.on(new Event.StepDownAsked(a.now, 77));
    }

    private static Scenario handingOver() {
        Scenario a = Scenario.leadingBoth();
        a.server.answering = false;
        return a.on(new Event.StepDownAsked(a.now, 77));
    }

    private static Scenario handoverDraining() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        return a.on(new Event.StepDownAsked(a.now, 77));
    }

    private static Scenario unrelated() {
        return starting(settings(A), Journal.blank(A), 30)
                .connect()
                .hear(joining(TermHistory.EMPTY, 100).pair(null));
    }

    private static Scenario cannotOpen() {
        Scenario a = Scenario.inSync();
        a.server.opens = false;
        a.on(HandoverRulesTest.grant(a, REQUEST, new Term(5, A, 101)));
        return TakeoverRulesTest.followedByItsGiver(a, Timing.DEFAULT.peerTimeout() + 100);
    }

    private static Scenario journalFailed() {
        Scenario a = Scenario.leadingBoth();
        a.journalWritable = false;
        return a.silence(1_600, false);
    }

    /// One event of each kind, several where a kind has several meanings, that fit the state.
    static Map<String, Event> events(Scenario at) {
        long now = at.now + Scenario.TICK;
        long op = at.pendingOp();
        long copy = at.state instanceof State.Following f ? f.session().copy() : 1;
        Map<String, Event> all = new LinkedHashMap<>();
        all.put("Ticked", new Event.Ticked(now, 0));
        all.put("Ticked after 600 ms of sleep", new Event.Ticked(now + 600, 600));
        all.put("OwnConnected", new Event.OwnConnected(now));
        all.put("OwnLost", new Event.OwnLost(now, "refused"));
        own(all, at, now, op);
        all.put("StreamChanged", new Event.StreamChanged(now));
        all.put("SequenceSeen", new Event.SequenceSeen(now, 2, 130));
        all.put(
                "WritesRefused",
                new Event.WritesRefused(now, new Refusal(new Term(2, A, 101), "full", 10_000)));
        all.put("GatewaysHeld", new Event.GatewaysHeld(now, op));
        all.put(
                "JournalFailed",
                new Event.JournalFailed(now, "no space left", List.of(at.journal)));
        peer(all, at, now);
        all.put("PeerUnanswered", new Event.PeerUnanswered(now, now, true));
        all.put("PeerLink up", new Event.PeerLink(now, Peer.Link.UP));
        all.put("PeerLink down", new Event.PeerLink(now, Peer.Link.DOWN));
        all.put("PeerLink refused", new Event.PeerLink(now, Peer.Link.REFUSED));
        all.put("PeerFenced", new Event.PeerFenced(now, op, 120));
        all.put("PeerNotFenced", new Event.PeerNotFenced(now, op, "refused"));
        all.put("Drained", new Event.Drained(now, op, 120));
        all.put("NotDrained", new Event.NotDrained(now, op, "refused"));
        for (Event.Comparison result : Event.Comparison.values()) {
            all.put("Compared: " + result, new Event.Compared(now, copy, result));
        }
        all.put("ResyncPrepared", new Event.ResyncPrepared(now, copy, 3));
        all.put("StreamReplaced", new Event.StreamReplaced(now, copy, at.server.created(), 1, 120));
        all.put("Copied", new Event.Copied(now, copy, 130, 0));
        for (Event.CopyProblem problem : Event.CopyProblem.values()) {
            all.put("CopyFailed: " + problem, new Event.CopyFailed(now, copy, problem, "refused"));
        }
        all.put("ProgressHeard", new Event.ProgressHeard(now, at.peer(), new Term(2, A, 101), 130));
        all.put("CopyAcknowledged", new Event.CopyAcknowledged(now, "b1", copy, 130));
        all.put(
                "TakeoverHeard",
                new Event.TakeoverHeard(
                        now,
                        REQUEST,
                        at.peer(),
                        new Term(9, A, 101),
                        new Consent(9, A, 100, 5_000)));
        all.put("WithdrawHeard", new Event.WithdrawHeard(now, REQUEST, at.peer(), 9));
        all.put("GrantAnswered: done", new Event.GrantAnswered(now, op, true, ""));
        all.put("GrantAnswered: not done", new Event.GrantAnswered(now, op, false, "no"));
        all.put("GrantUnanswered", new Event.GrantUnanswered(now, op));
        all.put("StepDownAsked", new Event.StepDownAsked(now, REQUEST));
        all.put("PromoteAsked", new Event.PromoteAsked(now, REQUEST, false, null));
        all.put("PromoteAsked with force", new Event.PromoteAsked(now, REQUEST, true, "a"));
        all.put("RejoinAsked for this node", new Event.RejoinAsked(now, REQUEST, "a"));
        all.put("RejoinAsked for the peer", new Event.RejoinAsked(now, REQUEST, "b"));
        all.put("LossTold", new Event.LossTold(now, 2, true));
        all.put("LossTold by an operator", new Event.LossTold(now, REQUEST, 2, true));
        all.put("PauseAsked", new Event.PauseAsked(now, REQUEST, true));
        all.put("StopAsked", new Event.StopAsked(now));
        return all;
    }

    private static void own(Map<String, Event> all, Scenario at, long now, long op) {
        all.put("StoreAnswered: open", answered(at, now, op, new Reading.Face.Open()));
        all.put("StoreAnswered: own fence", answered(at, now, op, fence(A)));
        all.put("StoreAnswered: foreign fence", answered(at, now, op, fence(B)));
        all.put(
                "StoreAnswered: edited",
                answered(at, now, op, new Reading.Face.Foreign("three replicas")));
        Reading other =
                new Reading(
                        "server-x", at.server.created(), fence(A), 1, at.server.lastSeq(), null);
        all.put("StoreAnswered: other server", new Event.StoreAnswered(now, op, now, other));
        all.put("StoreFailed", new Event.StoreFailed(now, op, false, "timed out"));
        all.put("StoreFailed: missing", new Event.StoreFailed(now, op, true, "no stream"));
    }

    private static Event answered(Scenario at, long now, long op, Reading.Face face) {
        Reading reading =
                new Reading(
                        at.server.id(), at.server.created(), face, 1, at.server.lastSeq(), null);
        return new Event.StoreAnswered(now, op, now, reading);
    }

    private static Reading.Face fence(NodeName by) {
        return new Reading.Face.Fenced(new Mark(2, by));
    }

    private static void peer(Map<String, Event> all, Scenario at, long now) {
        long counter = at.nextPeerCounter();
        Term term = new Term(2, B, 101);
        Term mine = new Term(2, A, 101);
        Term higher = new Term(9, B, 101);
        TermHistory terms = history(new Term(1, A, 1), term);
        Map<String, PeerSays> reports = new LinkedHashMap<>();
        reports.put("starting", says(Role.STARTING).withoutStore());
        reports.put("joining behind", joining(SHARED, 90));
        reports.put("joining ahead", joining(terms, 200));
        reports.put("joining without a store", joining(SHARED, 100).withoutStore());
        reports.put("consenting", joining(SHARED, 90).consenting(2, A, 90, counter));
        reports.put("claiming", claiming(new Term(9, B, 201), terms, 200));
        reports.put("leading", leading(term, terms, 200));
        reports.put("leading, leave", leading(term, terms, 200).askingToLeave());
        reports.put("leading higher", leading(higher, SHARED.with(higher), 200));
        reports.put(
                "following", PeerSays.following(mine, SHARED.with(mine), 120).asking(900).inSync());
        reports.put("handing over", says(Role.HANDING_OVER).holding(terms, 200));
        reports.put("stopped", says(Role.STOPPED).holding(terms, 200));
        reports.put("of another process", joining(SHARED, 90).highest(3).process("b2"));
        reports.put("of another pair", leading(higher, SHARED.with(higher), 200).pair("other"));
        reports.forEach((name, report) ->
                all.put("PeerHeard: " + name, new Event.PeerHeard(now, report.at(counter))));
    }
}
