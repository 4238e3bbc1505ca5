package dev.twonode.protocol;

import dev.twonode.protocol.State.Promoting;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules J1, J2 and S4: which revisions a promotion has to give up. Only a node that can prove that
/// it holds everything that clients were shown gives up none.
final class Losses {

    private final Settings settings;

    Losses(Settings settings) {
        this.settings = settings;
    }

    /// What clients may have been shown and this node does not hold as it was.
    ///
    /// @param from the first such revision
    /// @param shown the highest one that is known to be possible
    private record Gone(long from, long shown) {}

    /// The jump without which the term must not be opened, null when none is needed. One that a
    /// crash interrupted is taken up again.
    @Nullable Jump of(Promoting state, Term term) {
        Memory memory = state.memory();
        long last = term.startSeq() - 1;
        Gone gone = gone(state, last);
        boolean bounded = state.cause() != Cause.FORCED;
        Jump begun = memory.journal().underWay();
        if (begun == null) {
            return gone == null
                    ? null
                    : Jump.beyond(
                            term.number(), gone.from(), Math.max(gone.shown(), last), bounded);
        }
        long from = Math.min(begun.from(), gone == null ? last + 1 : gone.from());
        long shown = Math.max(begun.last(), gone == null ? 0 : Math.max(gone.shown(), last));
        return Jump.beyond(term.number(), from, shown, begun.bounded() && bounded);
    }

    /// The stream goes on beyond what is lost: the journal says so, and whoever has to know is
    /// told.
    Transition done(Moves moves, State state, Jump jump) {
        Memory memory = state.memory();
        Journal journal =
                memory.journal()
                        .withJump(jump.at(Jump.Stage.DONE))
                        .withCommit(memory.commit(), settings.ceiling(memory.commit()));
        Transition journalled = moves.journal(state, journal);
        return journalled.and(announce(journalled.state()));
    }

    /// Rule J3: whoever restarts kine is told until they say that they did, or cannot.
    static Transition announce(State state) {
        Jump jump = state.memory().journal().jump();
        return jump != null && jump.stage() == Jump.Stage.DONE
                ? Transition.to(state, new Action.AnnounceLoss(jump))
                : Transition.to(state);
    }

    /// A follower's clients saw what its leader gave up. One that is new to the pair has none that
    /// did, but one that an operator made forget its content has. A jump of its own that it did not
    /// end means nothing any more.
    static Journal adopt(Journal before, @Nullable Report leader) {
        Jump known = before.underWay() == null ? before.jump() : null;
        Jump told = leader == null ? null : leader.shown().jump();
        if (told == null || (known != null && known.term() >= told.term())) {
            return before.withJump(known);
        }
        boolean isNew = before.history().terms().isEmpty() && !before.isGivenUp();
        return before.withJump(told.at(isNew ? Jump.Stage.RESTARTED : Jump.Stage.DONE));
    }

    /// What became of the announcement. What it left to an operator is an operator's to settle.
    static Transition told(Moves moves, State state, Event.LossTold told) {
        Journal journal = state.memory().journal();
        Jump jump = journal.jump();
        boolean asked = told.request() != 0;
        if (jump == null || jump.term() != told.term() || !awaits(jump, asked)) {
            return asked
                    ? Moves.refuse(
                            state,
                            told.request(),
                            Answer.Code.NOT_NEEDED,
                            "no revisions that were given up in term "
                                    + told.term()
                                    + " wait for a restart on this node")
                    : Transition.to(state);
        }
        Jump.Stage stage = told.restarted() ? Jump.Stage.RESTARTED : Jump.Stage.LEFT;
        Transition settled = moves.journal(state, journal.withJump(jump.at(stage)));
        return asked ? settled.then(new Action.Reply(told.request(), new Answer.Done())) : settled;
    }

    private static boolean awaits(Jump jump, boolean asked) {
        return jump.stage() == Jump.Stage.DONE || (asked && jump.stage() == Jump.Stage.LEFT);
    }

    private @Nullable Gone gone(Promoting state, long last) {
        Memory memory = state.memory();
        return switch (state.cause()) {
            case ALONE, GRANT, DRAINED -> null;
            case FAILOVER -> {
                long ahead = ahead(memory.peer().report());
                yield ahead == 0 ? null : new Gone(last + 1, last + ahead);
            }
            case CONTEST -> contest(memory, Objects.requireNonNull(memory.peer().report()), last);
            case FORCED -> new Gone(last + 1, forced(memory, last));
        };
    }

    /// What the loser committed beyond the fork was shown, if only by a node that was alone. With
    /// `--commit=leader` so may be whatever it holds there. How far a term went of which only the
    /// loser knows, while its store does not answer, only its ceiling says.
    private @Nullable Gone contest(Memory memory, Report peer, long last) {
        Report.StoreReport store = peer.store();
        if (!store.usable() && Conflict.hasLedUnheard(memory, peer)) {
            long common = Conflict.fork(memory, peer).orElse(last);
            return new Gone(common + 1, Math.max(last, peer.shown().ceiling()));
        }
        long fork = fork(memory, peer, last);
        boolean beyond = store.usable() && store.lastSeq() > fork;
        long common = beyond ? fork : last;
        long ahead = ahead(peer);
        boolean tail = ahead > 0 && (beyond || !store.usable());
        boolean ownLost = memory.commit() > last;
        long told = beyond ? Conflict.shownBy(peer, memory) : store.commitSeq();
        if (!ownLost && !tail && Math.max(told, store.commitSeq()) <= common) {
            return null;
        }
        long shown = Math.max(store.commitSeq(), store.usable() ? 0 : last) + ahead;
        if (ownLost) {
            shown = Math.max(shown, ceiling(memory.journal()));
        }
        if (store.usable()) {
            boolean peerLost = store.lastSeq() < store.commitSeq();
            shown = Math.max(shown, peerLost ? peer.shown().ceiling() : store.lastSeq());
        }
        return new Gone(common + 1, shown);
    }

    private static long fork(Memory memory, Report peer, long last) {
        boolean known = !memory.contentUnknown() && !peer.standing().contentUnknown();
        return known && peer.store().usable()
                ? memory.journal()
                        .history()
                        .forkWith(last, peer.standing().history(), peer.store().lastSeq())
                        .orElse(last)
                : last;
    }

    /// Nothing above it was ever shown here. The ceiling that a jump brings with it is for what
    /// follows the jump: while it is under way, nothing did.
    private static long ceiling(Journal journal) {
        Jump begun = journal.underWay();
        return begun == null ? journal.ceiling() : begun.last();
    }

    /// The highest ceiling that is known, and what was heard of the peer.
    private long forced(Memory memory, long last) {
        Report peer = memory.peer().report();
        long ahead = ahead(peer);
        long known = Math.max(ceiling(memory.journal()), last + ahead);
        if (peer == null) {
            return known;
        }
        long heard = Math.max(peer.store().lastSeq(), peer.store().commitSeq()) + ahead;
        return Math.max(known, Math.max(heard, peer.shown().ceiling()));
    }

    /// How far beyond the commit sequence either node's gateways show.
    private long ahead(@Nullable Report peer) {
        return Math.max(settings.ahead(), peer == null ? 0 : peer.shown().ahead());
    }
}
