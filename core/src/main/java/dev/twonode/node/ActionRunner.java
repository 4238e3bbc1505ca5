package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Answer;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import dev.twonode.replication.OrphanExport;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// Starts what the machine decided. Nothing here waits: calls run on threads of their own and
/// answer through the inbox.
public final class ActionRunner implements NodeDriver.Actions {

    private static final Log LOG = Log.of(ActionRunner.class);

    private final RateLimit failures = RateLimit.untilCleared();
    private final NodeName node;
    private final JournalFile journal;
    private final OwnStoreWork own;
    private final CopyWork copy;
    private final Peer peer;
    private final Replies replies;
    private final Gateways gateways;
    private final Losses losses;
    private final CountDownLatch halted = new CountDownLatch(1);
    private String pair = "";

    /// The way to the peer's agent.
    public interface Peer {

        /// Sends a report.
        void tell(Report report);

        /// Tells a leader this follower's durable sequence.
        void tellProgress(Action.TellProgress progress);

        /// Asks for a report.
        void ask();

        /// Grants a term.
        void grant(Action.Grant grant);

        /// Takes a grant back.
        void withdraw(Action.Withdraw withdrawal);
    }

    /// The way back to those who asked.
    @FunctionalInterface
    public interface Replies {
        void answer(long request, Answer answer);
    }

    /// The node's gateways.
    @FunctionalInterface
    public interface Gateways {

        /// Lets no further request on, and answers with an event of that number.
        void hold(long op);
    }

    /// Those who have to know of lost revisions.
    @FunctionalInterface
    public interface Losses {

        /// Tells them, once at a time, and answers with [dev.twonode.protocol.Event.LossTold].
        void announce(Jump jump);
    }

    /// Whom the node speaks to.
    ///
    /// @param peer the other agent
    /// @param replies those who asked
    /// @param gateways the own gateways
    /// @param losses those who have to know of lost revisions
    public record Partners(Peer peer, Replies replies, Gateways gateways, Losses losses) {}

    /// @param node this node, whose orphans are exported
    public ActionRunner(
            NodeName node,
            JournalFile journal,
            OwnStoreWork own,
            CopyWork copy,
            Partners partners) {
        this.node = node;
        this.journal = journal;
        this.own = own;
        this.copy = copy;
        this.peer = partners.peer();
        this.replies = partners.replies();
        this.gateways = partners.gateways();
        this.losses = partners.losses();
    }

    @Override
    public void persist(Journal record) throws StateFolderException {
        try {
            journal.write(record);
            failures.clear();
        } catch (StateFolderException e) {
            LOG.errorOnce(failures, String.valueOf(e.getMessage()));
            throw e;
        }
        pair = Objects.requireNonNullElse(record.pairId(), "");
    }

    /// Waits until the machine has halted.
    public void awaitHalt() throws InterruptedException {
        halted.await();
    }

    @Override
    public void start(Action action) {
        switch (action) {
            case Action.Persist(Journal record) ->
                    throw new IllegalStateException("not written: " + record);
            case Action.ReadOwn read -> own.read(read);
            case Action.HoldGateways hold -> gateways.hold(hold.op());
            case Action.FenceOwn fence -> own.fence(fence);
            case Action.OpenOwn open -> own.open(open);
            case Action.JumpOwn jump -> own.jump(jump);
            case Action.AnnounceLoss(Jump jump) -> losses.announce(jump);
            case Action.Tell(Report report) -> peer.tell(report);
            case Action.AskPeer _ -> peer.ask();
            case Action.FencePeer fence -> copy.fencePeer(fence);
            case Action.Drain drain -> copy.drain(drain);
            case Action.Compare compare -> {
                copy.expect();
                copy.compare(compare);
            }
            case Action.PrepareResync prepare ->
                    copy.prepare(
                            prepare,
                            new OrphanExport.Origin(
                                    pair, node.value(), OrphanExport.Acknowledged.UNKNOWN));
            case Action.ReplaceStream replace -> copy.replace(replace);
            case Action.DropLocalSnapshot _ -> copy.forget();
            case Action.Tail tail -> copy.tail(tail);
            case Action.CopyOn on -> copy.copyOn(on);
            case Action.StopCopy _ -> own.after(copy.stop());
            case Action.TellProgress progress -> peer.tellProgress(progress);
            case Action.Grant grant -> {
                peer.grant(grant);
                copy.expect();
            }
            case Action.Withdraw withdrawal -> peer.withdraw(withdrawal);
            case Action.Reply(long request, Answer answer) -> replies.answer(request, answer);
            case Action.Halt _ -> halted.countDown();
        }
    }
}
