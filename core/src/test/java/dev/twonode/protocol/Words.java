package dev.twonode.protocol;

import org.jspecify.annotations.Nullable;

/// States and actions in a few words, without what differs from run to run.
public final class Words {

    private Words() {}

    public static String state(State state) {
        return switch (state) {
            case State.Starting _ -> "Starting";
            case State.Joining s ->
                    s.fence() == State.Joining.FENCED ? "Joining" : "Joining(to fence)";
            case State.Following s ->
                    "Following("
                            + s.term()
                            + ", "
                            + s.session().stage()
                            + (s.sync().granted() ? ", in sync" : "")
                            + ")";
            case State.Promoting s -> "Promoting(" + phase(s.phase()) + ")";
            case State.Leading s ->
                    "Leading("
                            + s.term()
                            + ", "
                            + s.mode()
                            + (s.change() instanceof State.Change.None ? "" : ", term changes")
                            + ")";
            case State.HandingOver s -> "HandingOver(" + step(s.step()) + ")";
            case State.Waiting s -> "Waiting(" + s.reason() + ")";
            case State.Stopped _ -> "Stopped";
        };
    }

    private static String phase(State.Phase phase) {
        return switch (phase) {
            case State.Phase.FencingPeer _ -> "fences the peer";
            case State.Phase.Draining p -> "drains to " + p.barrier();
            case State.Phase.Barrier _ -> "takes the barrier";
            case State.Phase.Claiming p -> "claims " + p.claim();
            case State.Phase.Jumping p -> "jumps to " + p.jump().to();
            case State.Phase.Opening p -> "opens " + p.term();
        };
    }

    private static String step(State.Handover step) {
        return switch (step) {
            case State.Handover.Holding _ -> "lets gateways hold";
            case State.Handover.Fencing _ -> "fences";
            case State.Handover.Draining h -> "waits for " + h.barrier();
            case State.Handover.Granting h -> "grants " + h.term();
            case State.Handover.Withdrawing h -> "takes back " + h.term();
            case State.Handover.Reopening _ -> "reopens";
            case State.Handover.FencingPeer _ -> "fences the peer";
        };
    }

    public static String action(Action action) {
        return switch (action) {
            case Action.Persist persist -> journal(persist.journal());
            case Action.ReadOwn _ -> "read";
            case Action.HoldGateways _ -> "let gateways hold";
            case Action.FenceOwn fence -> "fence as " + mark(fence.mark());
            case Action.JumpOwn jump -> "jump to " + jump.to();
            case Action.AnnounceLoss(Jump jump) ->
                    "announce the loss of " + jump.from() + " to " + jump.last();
            case Action.OpenOwn open -> "open behind " + mark(open.mark());
            case Action.Tell tell -> "tell " + tell.report().role();
            case Action.AskPeer _ -> "ask the peer";
            case Action.FencePeer fence -> "fence the peer as " + mark(fence.mark());
            case Action.Drain drain -> "drain to " + drain.barrier();
            case Action.Compare compare ->
                    "compare behind "
                            + mark(compare.mark())
                            + switch (compare.trust()) {
                                case HISTORIES -> "";
                                case LEADER_LOST -> ", which lost data";
                                case NONE -> ", unknown content";
                            };
            case Action.PrepareResync _ -> "prepare the resync";
            case Action.ReplaceStream _ -> "replace the stream";
            case Action.DropLocalSnapshot _ -> "drop the local snapshot";
            case Action.Tail _ -> "tail";
            case Action.CopyOn on -> "copy on from " + on.barrier() + " behind " + mark(on.mark());
            case Action.StopCopy _ -> "stop copying";
            case Action.TellProgress progress -> "progress " + progress.lastSeq();
            case Action.Grant grant -> "grant " + grant.term();
            case Action.Withdraw withdraw -> "withdraw " + withdraw.number();
            case Action.Reply reply -> "answer " + reply.answer().getClass().getSimpleName();
            case Action.Halt _ -> "halt";
        };
    }

    private static String journal(Journal journal) {
        return "journal(term "
                + journal.highestTerm()
                + ", last "
                + journal.history().last().map(Term::toString).orElse("none")
                + (journal.alone() ? ", alone" : "")
                + (journal.resync() ? ", resync" : "")
                + jumping(journal.underWay())
                + ")";
    }

    private static String jumping(@Nullable Jump jump) {
        return jump == null ? "" : ", jumps to " + jump.to();
    }

    private static String mark(Mark mark) {
        return mark.term() + "/" + mark.by();
    }
}
