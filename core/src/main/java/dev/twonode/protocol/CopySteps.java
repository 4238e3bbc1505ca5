package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Session;
import dev.twonode.protocol.State.Stage;
import dev.twonode.protocol.State.Sync;

/// What a follower does about its copy: compare, resync where it must, tail (rule F1).
final class CopySteps {

    /// After a failure that may pass: long enough not to spin, short enough that a link that comes
    /// back is copied from within a second.
    private static final long RETRY_MS = 100;

    private final Settings settings;
    private final Moves moves;

    CopySteps(Settings settings, Moves moves) {
        this.settings = settings;
        this.moves = moves;
    }

    /// Starts what is due: a comparison, or an in-sync request.
    Transition proceed(Following state) {
        Memory memory = state.memory();
        Session session = state.session();
        Report leader = memory.peer().report();
        boolean idle = session.stage() == Stage.IDLE || session.stage() == Stage.HANDED_OVER;
        boolean due = idle && memory.now() >= session.retryAt();
        if (due
                && leader != null
                && leader.holdsLead()
                && state.term().equals(leader.term())
                && memory.own().usable()) {
            return start(state, leader);
        }
        Sync sync = state.sync();
        Timing timing = settings.timing();
        boolean fresh =
                memory.now() - memory.own().answeredAt() <= timing.heartbeat() + timing.pause();
        if (session.stage() == Stage.TAILING && sync.ask() == 0 && fresh) {
            Memory counted = memory.counted();
            return Transition.to(
                    state.with(counted).with(new Sync(counted.counter(), false, sync.reported())));
        }
        return Transition.to(state);
    }

    /// What failed for want of a connection need not wait any longer.
    Transition retry(Following state) {
        Session session = state.session();
        return session.stage() == Stage.IDLE
                ? proceed(state.with(idle(session, state.memory().now())))
                : Transition.to(state);
    }

    private Transition start(Following state, Report leader) {
        Memory memory = state.memory().counted();
        long copy = memory.counter();
        Mark fence = moves.mark(memory);
        Session now = state.session();
        Session session =
                new Session(
                        copy,
                        now.leaderProcess(),
                        now.leaderServer(),
                        now.ownServer(),
                        Stage.COMPARING,
                        fence,
                        now.retryAt());
        Following begun = state.with(memory).with(session);
        if (isEqual(state, leader)) {
            long barrier = state.term().startSeq() - 1;
            return tail(begun, new Action.CopyOn(copy, barrier, session.leaderServer(), fence));
        }
        return Transition.to(
                begun,
                new Action.Compare(
                        copy,
                        leader,
                        memory.journal().history(),
                        memory.commit(),
                        trust(memory, leader),
                        fence));
    }

    /// Whether nothing need be compared with a leader that this node gave the lead: it held all of
    /// this stream then, has lost nothing since and begun no other term, and counts on this node.
    private static boolean isEqual(Following state, Report leader) {
        Memory memory = state.memory();
        return state.session().stage() == Stage.HANDED_OVER
                && state.sync().granted()
                && trust(memory, leader) == Action.Trust.HISTORIES
                && !memory.journal().resync()
                && memory.journal().history().equals(leader.standing().history());
    }

    /// Where both have lost data since they last met, the leader may lack what made room for what
    /// is still here (rule S4).
    private static Action.Trust trust(Memory memory, Report leader) {
        if (memory.isOtherStream()) {
            return Action.Trust.NONE;
        }
        Jump known = memory.journal().jump();
        Jump told = leader.shown().jump();
        boolean gaveUp = told != null && (known == null || known.term() < told.term());
        return gaveUp && memory.hasLostData() ? Action.Trust.LEADER_LOST : Action.Trust.HISTORIES;
    }

    /// After a resync that was cut off, what is there still is compared first: the leader may have
    /// lost meanwhile what it had when the resync began, and what is left here is replaced anyway.
    Transition compared(Following state, Event.Compared result) {
        boolean cutOff = state.memory().journal().resync();
        return switch (result.result()) {
            case PREFIX -> cutOff ? replace(state) : tail(state);
            case RESYNC -> cutOff ? replace(state) : prepare(state);
            case ORPHANS ->
                    !cutOff && mustAsk(state.memory())
                            ? moves.await(
                                    moves.leave(state),
                                    Reason.DIVERGED,
                                    "this node holds messages that "
                                            + state.term().leader()
                                            + " does not have")
                            : prepare(state);
            case UNRELATED ->
                    moves.await(
                            moves.leave(state),
                            Reason.UNRELATED,
                            "the stream shares no term with that of " + state.term().leader());
        };
    }

    private boolean mustAsk(Memory memory) {
        return (settings.stopOnDivergence() || isOfUnknownOrigin(memory))
                && !memory.journal().isGivenUp();
    }

    /// Without a journal nobody can say that these messages were ever this pair's (rule T5).
    private static boolean isOfUnknownOrigin(Memory memory) {
        return memory.contentUntold() && !memory.contentUnknown();
    }

    /// A follower whose content is to be replaced is not in sync, whatever it was told: it
    /// consents, so that its leader does not count on it (rules F2, K1).
    private Transition prepare(Following state) {
        Session session = state.session();
        Following leaving = state.with(moves.leave(state)).with(state.sync().none());
        return Transition.to(
                leaving.with(session.at(Stage.PREPARING)),
                new Action.PrepareResync(session.copy()));
    }

    Transition prepared(Following state) {
        return replace(state);
    }

    private Transition replace(Following state) {
        Transition journalled = moves.journal(state, state.memory().journal().withResync(true));
        Following next = (Following) journalled.state();
        Mark fence = moves.mark(next.memory());
        return journalled.and(
                Transition.to(
                        next.with(next.session().at(Stage.REPLACING).fencing(fence)),
                        new Action.ReplaceStream(next.session().copy(), fence)));
    }

    /// The stream is the leader's now: what was committed before does not bind it any more.
    Transition replaced(Following state, Event.StreamReplaced done) {
        Memory memory = state.memory();
        long commit = Math.min(memory.commit(), done.lastSeq());
        Journal journal =
                memory.journal()
                        .withResync(false)
                        .withCreated(done.created())
                        .withHistory(leaderHistory(state))
                        .withVoidFrom(0)
                        .withOrigin(origin(state))
                        .withCommit(commit, Math.max(commit, memory.journal().ceiling()));
        Jump jump = Losses.adopt(memory.journal(), memory.peer().report()).jump();
        Following next = state.with(memory.withCommit(commit)).with(Sync.NONE);
        Transition journalled = moves.journal(next, journal.withJump(jump));
        return journalled
                .then(new Action.DropLocalSnapshot())
                .and(tail((Following) journalled.state()));
    }

    private Transition tail(Following state) {
        return tail(state, new Action.Tail(state.session().copy()));
    }

    /// Rule F1: the leader's history is journalled before the first message is appended.
    private Transition tail(Following state, Action copying) {
        Memory memory = state.memory();
        Journal journal =
                Losses.adopt(memory.journal(), memory.peer().report())
                        .withHistory(leaderHistory(state))
                        .withOrigin(origin(state))
                        .withVoidFrom(0)
                        .withUnshown(null)
                        .withFencedIn(0);
        Reading reading = memory.own().reading();
        if (reading != null) {
            journal = journal.withCreated(reading.created());
        }
        Transition journalled = moves.journal(state, journal);
        Following next = (Following) journalled.state();
        next = next.with(next.session().at(Stage.TAILING));
        Transition tailing = journalled.and(proceed(next).then(copying));
        return tailing.and(Losses.announce(tailing.state()));
    }

    /// The leader may have gone on in a term of which nothing was heard: what is copied then
    /// belongs to that one (rule G3).
    private static Origin origin(Following state) {
        return state.memory()
                .journal()
                .origin()
                .copying(state.session().leaderServer(), state.term().number());
    }

    private static TermHistory leaderHistory(Following state) {
        Report leader = state.memory().peer().report();
        TermHistory history =
                leader == null ? state.memory().journal().history() : leader.standing().history();
        return history.with(state.term());
    }

    /// Tells the leader how far the copy is, unless that one hears it from this node's server
    /// itself: then it is enough that the reports say so (rule C1).
    Transition copied(Following state) {
        return isHeard(state) ? known(state) : progress(state);
    }

    /// Tells the leader how far the copy is.
    Transition progress(Following state) {
        Transition known = known(state);
        Memory memory = known.state().memory();
        return known.then(
                new Action.TellProgress(memory.counter(), state.term(), memory.own().lastSeq()));
    }

    /// What is in the stream may be counted on from now on (rule F3), and is news in the answer to
    /// the peer (rule K2).
    private static Transition known(Following state) {
        Memory memory = state.memory().counted();
        Sync sync = state.sync();
        return Transition.to(
                state.with(memory)
                        .with(new Sync(sync.ask(), sync.granted(), memory.own().lastSeq())));
    }

    private static boolean isHeard(Following state) {
        Report leader = state.memory().peer().report();
        return state.sync().granted()
                && leader != null
                && leader.holdsLead()
                && leader.pact().copy() == state.session().copy();
    }

    Transition failed(Following state, Event.CopyFailed failed) {
        Session session = state.session();
        Session idle = idle(session, state.memory().now() + RETRY_MS);
        return switch (failed.problem()) {
            case LEADER, OWN -> Transition.to(state.with(idle));
            case CONTENT -> Transition.to(state.with(idle).with(state.sync().none()));
            case EXPORT -> moves.await(moves.leave(state), Reason.EXPORT_FAILED, failed.why());
        };
    }

    private static Session idle(Session session, long retryAt) {
        return new Session(
                0,
                session.leaderProcess(),
                session.leaderServer(),
                session.ownServer(),
                Stage.IDLE,
                null,
                retryAt);
    }
}
