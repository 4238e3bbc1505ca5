package dev.twonode.protocol;

import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import java.util.Objects;

/// Rules F2, K2, A2 and A3: what a leader makes of its follower.
final class FollowerSteps {

    /// A follower this close may become in sync (rule A3).
    private static final long NEAR = 1_000;

    /// How often the commit sequence is journalled.
    private static final long COMMIT_EVERY_MS = 1_000;

    private final Settings settings;
    private final Moves moves;

    FollowerSteps(Settings settings, Moves moves) {
        this.settings = settings;
        this.moves = moves;
    }

    Transition progressed(Leading state, Event.ProgressHeard progress) {
        boolean present =
                progress.sender().process().equals(state.follower().process())
                        && progress.term().equals(state.term());
        if (!present) {
            return Transition.to(state);
        }
        Leading next =
                commit(state.with(state.follower().at(progress.lastSeq(), state.memory().now())));
        Report peer = state.memory().peer().report();
        return peer != null && follows(state, peer)
                ? answer(next, peer.pact().ask())
                : Transition.to(next);
    }

    /// Rule C1: the follower's server is heard before its agent is. What was acknowledged to
    /// another copy than the one that the follower tells of says nothing of its stream.
    Transition acknowledged(Leading state, Event.CopyAcknowledged acknowledged) {
        Follower follower = state.follower();
        boolean present =
                follower.copy() != 0
                        && follower.process().equals(acknowledged.process())
                        && follower.copy() == acknowledged.copy();
        return Transition.to(
                present
                        ? commit(state.with(follower.acknowledged(acknowledged.lastSeq())))
                        : state);
    }

    private static boolean follows(Leading state, Report peer) {
        return peer.role() == Role.FOLLOWING && state.term().equals(peer.term());
    }

    /// What the peer's report says of its copy, its wish to be in sync, or its leaving.
    Transition heard(Leading state, Report peer) {
        Consent consent = peer.pact().consent();
        boolean leaves =
                consent != null
                        && consent.number() == state.term().number()
                        && consent.counter() > state.memory().answeredAsk();
        Leading next = state;
        boolean steady = state.change() instanceof Change.None;
        if (leaves && steady && state.mode() == Mode.BOTH) {
            return goAlone(state, peer);
        }
        if (!follows(state, peer)) {
            return Transition.to(next);
        }
        next = adopt(next, peer);
        next =
                next.with(
                        next.follower()
                                .copying(peer.pact().copy())
                                .at(peer.pact().progress(), next.memory().now()));
        return answer(commit(next), peer.pact().ask());
    }

    /// Whether the peer may take itself for in sync with this term: it was told so, and has not
    /// consented since.
    boolean mayCountAsInSync(Leading state, Report peer) {
        Consent consent = peer.pact().consent();
        boolean consented =
                consent != null
                        && consent.number() == state.term().number()
                        && consent.counter() > state.memory().answeredAsk();
        return state.mode() == Mode.BOTH && follows(state, peer) && !consented;
    }

    /// The follower's consent is the right to be alone: the term goes on (rule K1). All that is
    /// here is safe by it, and a store that loses it must be found out (rule S4).
    private Transition goAlone(Leading state, Report peer) {
        Leading left = commit(state.with(Mode.ALONE, Reason.FOLLOWER_LEFT).with(Follower.NONE));
        Memory memory = left.memory();
        Journal journal = memory.journal();
        Transition journalled =
                moves.journal(
                        left,
                        journal.withAlone(true).withCommit(memory.commit(), journal.ceiling()));
        Leading next = (Leading) journalled.state();
        return journalled
                .and(Transition.to(next))
                .and(peer.role() == Role.FOLLOWING ? heard(next, peer) : Transition.to(next));
    }

    private static Leading adopt(Leading state, Report peer) {
        String server = Objects.requireNonNullElse(peer.store().serverId(), "");
        boolean known =
                state.follower().process().equals(peer.sender().process())
                        && state.follower().server().equals(server);
        return known
                ? state
                : state.with(
                        Follower.of(
                                peer.sender().process(),
                                server,
                                peer.pact().progress(),
                                state.memory().now()));
    }

    /// Rule A3: the sole right ends durably before the follower is told that it is in sync, and not
    /// for a request that may have waited while this node slept (rule G4).
    private Transition answer(Leading state, long ask) {
        Memory memory = state.memory();
        boolean steady = state.change() instanceof Change.None;
        boolean asleep = state.mode() == Mode.ALONE && memory.peer().heardAt() == Own.NEVER;
        if (ask <= memory.answeredAsk() || !steady || asleep) {
            return Transition.to(state);
        }
        Follower follower = state.follower();
        long last = memory.own().lastSeq();
        if (follower.target() == 0) {
            boolean near = last - follower.progress() <= NEAR;
            if (!near) {
                return Transition.to(state);
            }
            long target = Math.max(last, state.term().startSeq() - 1);
            follower = follower.towards(target, memory.now());
        }
        Leading next = state.with(follower);
        if (follower.progress() < follower.target()) {
            return Transition.to(next);
        }
        Transition journalled = moves.journal(next, memory.journal().withAlone(false));
        Leading cleared = (Leading) journalled.state();
        Leading together =
                cleared.with(cleared.memory().withAnsweredAsk(ask))
                        .with(Mode.BOTH, Reason.FOLLOWER_IN_SYNC)
                        .with(follower.towards(0, 0));
        return journalled.and(Transition.to(commit(together)));
    }

    /// Rule A2, and the journalled commit sequence.
    Transition watch(Leading state) {
        Memory memory = state.memory();
        Follower follower = state.follower();
        Leading next = state;
        boolean outstanding = memory.own().lastSeq() > follower.progress();
        if (follower.isPresent() && !outstanding) {
            next = state.with(follower.level(memory.now()));
        }
        Timing timing = settings.timing();
        boolean slow = memory.now() - follower.targetAt() > 2 * timing.heartbeat();
        if (state.mode() == Mode.ALONE && follower.target() != 0 && slow) {
            next = next.with(next.follower().towards(0, 0));
        }
        boolean still = memory.now() - follower.movedAt() >= timing.peerTimeout();
        if (state.mode() == Mode.BOTH && outstanding && still && !follower.leave()) {
            next = next.with(follower.leaving());
        }
        return journalCommit(next);
    }

    private Transition journalCommit(Leading state) {
        Memory memory = state.memory();
        Journal journal = memory.journal();
        boolean moved = memory.commit() > journal.commitSeq();
        boolean due = memory.now() - memory.committed().journalledAt() >= COMMIT_EVERY_MS;
        boolean scarce = settings.isScarce(journal.ceiling(), memory.commit());
        if (!moved || (!due && !scarce)) {
            return Transition.to(state);
        }
        return moves.journal(
                state.with(memory.withCommitJournalled()),
                journal.withCommit(memory.commit(), settings.ceiling(memory.commit())));
    }

    /// Rules C1, C2 and J2: the highest sequence that is safe: on both nodes, or on the one with
    /// the sole right. It never falls, and waits below the ceiling for a new one. While a follower
    /// is about to be told that it is in sync, a leader alone shows nothing beyond what that
    /// follower must have reached by then (rule A3).
    Leading commit(Leading state) {
        Memory memory = state.memory();
        Follower follower = state.follower();
        long last = memory.own().lastSeq();
        long alone = follower.target() == 0 ? last : Math.min(last, follower.target());
        long held = state.mode() == Mode.ALONE ? alone : follower.durable();
        long safe = Math.min(held, memory.journal().ceiling());
        return safe > memory.commit() ? state.with(memory.withCommit(safe)) : state;
    }
}
