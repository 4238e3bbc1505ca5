package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Stage;
import dev.twonode.protocol.State.Sync;
import java.util.Optional;

/// Rules F1 to F3, G1 to G3: a follower copies, says how far it is, and watches its leader.
final class FollowingSteps {

    private final Settings settings;
    private final Moves moves;
    private final JoiningSteps joining;
    private final Silence silence;
    private final CopySteps copying;

    FollowingSteps(Settings settings, Moves moves, JoiningSteps joining) {
        this.settings = settings;
        this.moves = moves;
        this.joining = joining;
        this.silence = new Silence(settings.timing());
        this.copying = new CopySteps(settings, moves);
    }

    Transition step(Following state, Event event) {
        return switch (event) {
            case Event.Ticked tick -> ticked(state, tick);
            case Event.PeerHeard heard -> leaderHeard(state, heard.report());
            case Event.PeerLink(_, Peer.Link link) when link == Peer.Link.REFUSED ->
                    leaderGone(state, Reason.PEER_KILLED);
            case Event.PeerLink(_, Peer.Link link) when link == Peer.Link.UP ->
                    copying.retry(state);
            case Event.OwnLost _ -> storeLost(state);
            case Event.StoreAnswered answer -> wasRead(state, answer.reading());
            case Event.StoreFailed failed when failed.missing() && !isReplacing(state) ->
                    leave(state, Reason.STREAM_CHANGED);
            case Event.Compared result when result.copy() == state.session().copy() ->
                    copying.compared(state, result);
            case Event.ResyncPrepared done when done.copy() == state.session().copy() ->
                    copying.prepared(state);
            case Event.StreamReplaced done when done.copy() == state.session().copy() ->
                    copying.replaced(state, done);
            case Event.Copied copied when copied.copy() == state.session().copy() ->
                    copying.copied(state);
            case Event.CopyFailed failed when failed.copy() == state.session().copy() ->
                    copying.failed(state, failed);
            case Event.TakeoverHeard grant -> granted(state, grant);
            case Event.WithdrawHeard withdrawal -> Withdrawals.voided(moves, state, withdrawal);
            case Event.StopAsked _ -> stop(state);
            case Event.PromoteAsked ask -> promote(state, ask);
            case Event.StepDownAsked ask ->
                    Moves.refuse(
                            state,
                            ask.request(),
                            Answer.Code.NOT_LEADER,
                            "this node follows " + state.term().leader());
            case Event.RejoinAsked ask ->
                    Moves.refuse(
                            state,
                            ask.request(),
                            Answer.Code.NOT_NEEDED,
                            "this node follows " + state.term().leader());
            case Event.OwnConnected _,
                    Event.StoreFailed _,
                    Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.GatewaysHeld _,
                    Event.JournalFailed _,
                    Event.PeerUnanswered _,
                    Event.PeerLink _,
                    Event.PeerFenced _,
                    Event.PeerNotFenced _,
                    Event.Drained _,
                    Event.NotDrained _,
                    Event.Compared _,
                    Event.ResyncPrepared _,
                    Event.StreamReplaced _,
                    Event.Copied _,
                    Event.CopyFailed _,
                    Event.ProgressHeard _,
                    Event.CopyAcknowledged _,
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.LossTold _,
                    Event.PauseAsked _ ->
                    Transition.to(state);
        };
    }

    private Transition ticked(Following before, Event.Ticked tick) {
        Timing timing = settings.timing();
        Following state = before;
        Memory memory = state.memory();
        if (tick.slept() > timing.pause()) {
            memory = memory.with(memory.peer().silentSince(memory.now()));
            state = state.with(memory).with(state.sync().none());
        }
        boolean ownSlow =
                memory.now() - memory.own().answeredAt() > timing.heartbeat() + timing.pause();
        if (ownSlow && state.sync().ask() != 0) {
            state = state.with(state.sync().none());
        }
        Transition gone = goneByNow(state);
        if (gone.state() instanceof Promoting) {
            return gone;
        }
        Transition next = copying.proceed(state);
        if (silence.mustAsk(memory)) {
            return next.and(silence.ask(next.state()));
        }
        boolean heartbeat = memory.now() - memory.toldAt() >= timing.heartbeat();
        if (!heartbeat) {
            return next;
        }
        Memory counted = next.state().memory().counted();
        return next.and(
                Transition.to(next.state().with(counted), new Action.ReadOwn(counted.counter())));
    }

    /// A proof lasts: what kept this node from following it when it came may have passed.
    private Transition goneByNow(Following state) {
        Memory memory = state.memory();
        if (memory.peer().link() == Peer.Link.REFUSED) {
            Transition gone = leaderGone(state, Reason.PEER_KILLED);
            if (gone.state() instanceof Promoting) {
                return gone;
            }
        }
        if (!silence.proven(memory)) {
            return Transition.to(state);
        }
        boolean serverAnswers = memory.peer().serverAnswers();
        return leaderGone(state, serverAnswers ? Reason.PEER_AGENT_SILENT : Reason.PEER_SILENT);
    }

    /// What the leader's report changes: the term may have ended, the request may be answered.
    private Transition leaderHeard(Following state, Report report) {
        boolean sameProcess = report.sender().process().equals(state.session().leaderProcess());
        if (!sameProcess) {
            return leaveAndMeet(state, Reason.TERM_ENDED);
        }
        boolean sameTerm = state.term().equals(report.term());
        boolean sameServer = state.session().leaderServer().equals(report.store().serverId());
        if (report.holdsLead() && sameTerm && sameServer) {
            return answered(state, report);
        }
        if (report.role() == Role.HANDING_OVER) {
            return Transition.to(state);
        }
        if (report.leads()) {
            return leaveAndMeet(state, Reason.TERM_ENDED);
        }
        return resigned(state, report)
                ? leaderGone(state, Reason.PEER_RESIGNED)
                : leaveAndMeet(state, Reason.TERM_ENDED);
    }

    /// The leader gave up its term (rule G2): it consents, or says that its store is down.
    private boolean resigned(Following state, Report report) {
        if (!state.sync().granted()) {
            return false;
        }
        Consent consent = report.pact().consent();
        boolean consents =
                consent != null
                        && consent.who().equals(settings.node())
                        && consent.number() > state.term().number();
        return consents || !report.store().usable();
    }

    /// Rule F2, and K2: only the answer to the present request counts.
    private Transition answered(Following before, Report report) {
        Following state = before;
        if (report.pact().leave()) {
            return Transition.to(state.with(moves.leave(state)).with(state.sync().none()));
        }
        long told = report.pact().told();
        Sync sync = state.sync();
        if (!sync.granted() && told != 0 && told == sync.ask()) {
            state = state.with(new Sync(sync.ask(), true, sync.reported()));
        }
        Memory memory = state.memory();
        long commit = Math.min(report.store().commitSeq(), memory.own().lastSeq());
        if (state.session().stage() == Stage.TAILING && commit > memory.commit()) {
            state = state.with(memory.withCommit(commit));
        }
        Transition known = moves.journal(state, told(state.memory(), report));
        Transition next = known.and(copying.proceed((Following) known.state()));
        // A leader that hands over goes by what its follower itself said (rule H1).
        boolean asked =
                report.role() == Role.HANDING_OVER && state.session().stage() == Stage.TAILING;
        return asked ? next.and(copying.progress((Following) next.state())) : next;
    }

    /// What a follower must not forget of its leader's words. How far the commit went is written
    /// when it is the first one, and whenever something else is: that there was one tells a lost
    /// store from a new one (rule S4).
    private static Journal told(Memory memory, Report leader) {
        Journal before = memory.journal();
        Journal after = before.withCeiling(leader.shown().ceiling());
        boolean first = before.commitSeq() == 0 && memory.commit() > 0;
        return first || !after.equals(before)
                ? after.withCommit(memory.commit(), after.ceiling())
                : after;
    }

    /// Rules F3 and G3: who may promote itself when the leader is gone, and how.
    private Transition leaderGone(Following state, Reason reason) {
        Memory memory = state.memory();
        boolean holdsAll = memory.own().lastSeq() >= state.sync().reported();
        boolean drainable =
                state.session().stage() == Stage.TAILING && reason == Reason.PEER_AGENT_SILENT;
        if (memory.paused() || !memory.own().usable() || !holdsAll) {
            return Transition.to(state);
        }
        if (drainable) {
            Memory counted = memory.counted();
            Mark mark = new Mark(state.term().number(), settings.node());
            Phase phase = new Phase.FencingPeer(counted.counter(), state.sync().granted());
            return Transition.to(
                    new Promoting(counted, reason, Cause.FAILOVER, phase, 0, 0),
                    new Action.StopCopy(state.session().copy()),
                    new Action.FencePeer(counted.counter(), mark));
        }
        if (!state.sync().granted()) {
            return Transition.to(state);
        }
        if (!memory.own().isWhole()) {
            return Transition.to(state.with(state.sync().none()));
        }
        return Transition.to(state, new Action.StopCopy(state.session().copy()))
                .and(moves.promote(memory, reason, Cause.FAILOVER));
    }

    /// A grant counts only from the present leader, in its term, for the very next sequence (H1).
    ///
    /// A follower that tails needs no barrier of its own: its stream is fenced for this node, it
    /// holds all up to the leader's barrier, and there is nothing beyond that it could still have
    /// under way. Opening ends its session's subject. One that is not tailing may be moving its
    /// fence just now.
    private Transition granted(Following state, Event.TakeoverHeard grant) {
        Term term = grant.term();
        Optional<String> objection = objection(state, grant);
        if (objection.isPresent()) {
            return Moves.refuse(state, grant.request(), Answer.Code.STALE, objection.get());
        }
        Memory memory = state.memory().counted();
        Promoting promoting =
                new Promoting(
                        memory.withAnsweredAsk(grant.consent().counter()),
                        Reason.GRANTED,
                        Cause.GRANT,
                        new Phase.Barrier(memory.counter()),
                        term.number(),
                        grant.request());
        Transition stopped = Transition.to(promoting, new Action.StopCopy(state.session().copy()));
        Mark fence = state.session().fence();
        boolean settled =
                state.session().stage() == Stage.TAILING && moves.ownFence(memory).isPresent();
        return settled && fence != null
                ? stopped.and(moves.open(promoting.behind(fence), term, false))
                : stopped.then(moves.fenceOwn(memory, new Mark(term.number(), settings.node())));
    }

    private Optional<String> objection(Following state, Event.TakeoverHeard grant) {
        Memory memory = state.memory();
        Term term = grant.term();
        boolean mine =
                grant.sender().process().equals(state.session().leaderProcess())
                        && term.leader().equals(settings.node());
        if (!mine || term.number() <= memory.journal().highestTerm()) {
            return Optional.of("the grant is not one of this node's leader, or is void");
        }
        if (!state.sync().granted() || !memory.own().usable()) {
            return Optional.of("this node is not in sync");
        }
        long last = memory.own().lastSeq();
        return term.startSeq() == last + 1
                ? Optional.empty()
                : Optional.of(
                        "this node ends at %d, the grant begins at %d"
                                .formatted(last, term.startSeq()));
    }

    /// The own stream changed under the copy: another server process, another stream, another face.
    private Transition wasRead(Following state, Reading reading) {
        String before = state.session().ownServer();
        if (!before.isEmpty() && !before.equals(reading.serverId())) {
            return leave(state, Reason.SERVER_CHANGED);
        }
        boolean mine =
                reading.face() instanceof Reading.Face.Fenced(Mark mark)
                        && mark.by().equals(settings.node());
        return mine || isReplacing(state)
                ? Transition.to(state)
                : leave(state, Reason.STREAM_CHANGED);
    }

    /// While the copy makes the stream anew there is none, or one that is not fenced for this node.
    private static boolean isReplacing(Following state) {
        return state.session().stage() == Stage.REPLACING;
    }

    /// A follower without a store says that its leader need not wait for it (rule K1).
    private Transition storeLost(Following state) {
        return leave(state, Reason.STORE_DOWN);
    }

    /// Whoever fenced the stream or edited it is looked for before it is fenced again.
    private Transition leave(Following state, Reason reason) {
        Memory consenting = moves.leave(state);
        return Transition.to(state, new Action.StopCopy(state.session().copy()))
                .and(
                        consenting.own().connected()
                                ? moves.look(consenting, reason)
                                : moves.fence(consenting, reason));
    }

    private Transition leaveAndMeet(Following state, Reason reason) {
        Transition left =
                Transition.to(state, new Action.StopCopy(state.session().copy()))
                        .and(moves.join(state.memory(), reason));
        return joining.meet(left);
    }

    private Transition stop(Following state) {
        return Transition.to(state, new Action.StopCopy(state.session().copy()))
                .and(moves.stop(moves.leave(state)));
    }

    private Transition promote(Following state, Event.PromoteAsked ask) {
        Transition forced = Force.promote(moves, settings, state, ask);
        return forced.state() instanceof Promoting
                ? Transition.to(state, new Action.StopCopy(state.session().copy())).and(forced)
                : forced;
    }
}
