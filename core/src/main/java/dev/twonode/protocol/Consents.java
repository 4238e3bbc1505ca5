package dev.twonode.protocol;

import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Waiting;
import java.util.Optional;

/// How a node that neither leads nor follows gives its consent (rules K1, A2, A4).
final class Consents {

    private final Moves moves;

    Consents(Moves moves) {
        this.moves = moves;
    }

    /// Consents to the peer's claim: what a restart must not forget, the number and the end of the
    /// sole right, is journalled before the consent is told.
    ///
    /// The claim becomes an entry of the own history only when both streams are the same up to its
    /// start. Otherwise the entry would make a common term of what this node holds beyond the fork,
    /// and what it wrote there in terms of its own counts no more (rule T4).
    Transition toClaim(State state, Report peer) {
        Term claim = peer.claim();
        Memory memory = state.memory();
        if (claim == null || claim.number() <= memory.journal().highestTerm()) {
            return Transition.to(state);
        }
        Journal journal = memory.journal().withAlone(false).withHighestTerm(claim.number());
        if (memory.own().usable() && Contact.equalEnds(memory, peer)) {
            journal = journal.withHistory(journal.history().with(claim));
        } else {
            journal = journal.leftOutBy(peer.standing().history());
        }
        String pair = peer.sender().pairId();
        if (journal.pairId() == null && pair != null) {
            journal = journal.withPairId(pair);
        }
        Memory consenting = moves.consent(shown(memory), claim.number(), peer.sender().node());
        return moves.journal(state.with(consenting), journal);
    }

    /// Whatever a node with the sole right held may have been shown, and the winner has to know how
    /// far that went (rule J2).
    private static Memory shown(Memory memory) {
        boolean alone = memory.journal().alone() && memory.own().usable();
        return alone && memory.own().lastSeq() > memory.commit()
                ? memory.withCommit(memory.own().lastSeq())
                : memory;
    }

    /// A node without a usable store takes no part and consents, unless it holds the sole right or
    /// knows of committed data that the peer lacks.
    Transition withoutStore(State state, Report peer) {
        return Contact.mayConsentWithoutStore(state.memory(), peer)
                ? toClaim(state, peer)
                : Transition.to(state);
    }

    /// A consent is also the word of a node that is in sync, which ends with its sleep (rule F2):
    /// what the leader answered to it before may have waited meanwhile. Said again it is a new one.
    State afterSleep(State state) {
        boolean between =
                switch (state) {
                    case Starting _, Joining _, Waiting _ -> true;
                    case State.HandingOver handingOver -> handingOver.isGranted();
                    case State.Following _, State.Promoting _, State.Leading _, State.Stopped _ ->
                            false;
                };
        Consent given = state.memory().consent();
        return between && given != null
                ? state.with(moves.consent(state.memory(), given.number(), given.who()))
                : state;
    }

    /// A leader that waits for this node's copy in vain is told not to (rule A2). With a journal
    /// that cannot be written only if that has nothing to add: a full disk of the follower must not
    /// hold up the leader.
    Transition toLeader(State state, Report peer) {
        boolean bystander =
                state instanceof Starting || state instanceof Joining || state instanceof Waiting;
        Memory memory = state.memory();
        Term term = peer.term();
        if (!bystander || term == null || !peer.pact().leave() || memory.journal().alone()) {
            return Transition.to(state);
        }
        State leaving = state.with(moves.consent(memory, term.number(), peer.sender().node()));
        return state instanceof Waiting waiting && term.number() <= waiting.durable()
                ? Transition.to(leaving)
                : moves.journal(leaving, memory.journal().withHighestTerm(term.number()));
    }

    /// The journal without the sole right, when the peer leads in a higher term than this node ever
    /// did (rule A4).
    Optional<Journal> overruled(State state, Report peer) {
        Journal journal = state.memory().journal();
        Term term = peer.term();
        long own = journal.history().last().map(Term::number).orElse(0L);
        boolean samePair =
                journal.pairId() != null && journal.pairId().equals(peer.sender().pairId());
        boolean higher = term != null && peer.leads() && term.number() > own;
        return journal.alone() && samePair && higher
                ? Optional.of(journal.withAlone(false))
                : Optional.empty();
    }
}
