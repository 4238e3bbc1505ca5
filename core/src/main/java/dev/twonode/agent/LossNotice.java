package dev.twonode.agent;

import static dev.twonode.logging.Field.field;

import dev.twonode.config.Config;
import dev.twonode.logging.Log;
import dev.twonode.node.ActionRunner;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.node.RestartHook;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Jump;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says that revisions were given up, in the log and in the event history, and has kine and the API
/// server restarted where there is a command for that (rule J3).
final class LossNotice implements ActionRunner.Losses, AutoCloseable {

    private static final Log LOG = Log.of(LossNotice.class);

    /// A restart of K3s takes its time.
    private static final Duration HOOK_BOUND = Duration.ofMinutes(2);

    private final @Nullable RestartHook hook;
    private final Recent recent;
    private final Inbox inbox;
    private final Clock clock;
    private @Nullable Thread worker;
    private long told;

    /// @param hook null for none
    LossNotice(@Nullable RestartHook hook, Recent recent, Inbox inbox, Clock clock) {
        this.hook = hook;
        this.recent = recent;
        this.inbox = inbox;
        this.clock = clock;
    }

    /// With the command that the settings name, if any.
    static LossNotice open(Config config, Recent recent, Inbox inbox, Clock clock) {
        String command = config.gateway().onRevisionsLost();
        Map<String, String> surroundings =
                Map.of(
                        "TWONODE_NODE", config.name().value(),
                        "TWONODE_BUCKET", config.pair().bucket());
        RestartHook hook =
                command.isEmpty() ? null : new RestartHook(command, surroundings, HOOK_BOUND);
        return new LossNotice(hook, recent, inbox, clock);
    }

    /// What was given up, in words.
    static String words(Jump jump) {
        String bound =
                jump.bounded()
                        ? "at most "
                                + Math.max(0, jump.last() - jump.from() + 1)
                                + " acknowledged writes are lost"
                        : "how many acknowledged writes are lost is not known, since the other node"
                                + " may have led alone";
        return "revisions %d to %d are given up: %s; the stream goes on at %d"
                .formatted(jump.from(), jump.last(), bound, jump.to());
    }

    /// Whether it is still to be shown: until kine and the API server were restarted, whoever leads
    /// meanwhile; afterwards while the term lasts that began with it.
    static boolean isNews(Jump jump, long term) {
        return switch (jump.stage()) {
            case DONE, LEFT -> true;
            case UNDER_WAY, RESTARTED -> jump.term() == term;
        };
    }

    /// What is left to do about it on this node, empty when nothing.
    static String remedy(Jump jump) {
        return switch (jump.stage()) {
            case UNDER_WAY, RESTARTED -> "";
            case DONE -> "kine and the API server are being restarted.";
            case LEFT ->
                    "Revisions %d to %d are given up. Restart kine and then the API server (K3s) of"
                                    .formatted(jump.from(), jump.last())
                            + " this node, which still know them, and then say so: twonode"
                            + " acknowledge.";
        };
    }

    @Override
    public synchronized void announce(Jump jump) {
        Thread before = worker;
        if (before != null && before.isAlive()) {
            return;
        }
        if (told != jump.term()) {
            told = jump.term();
            LOG.warn(
                    words(jump),
                    field("event", "revisions-lost"),
                    field("term", jump.term()),
                    field("from", jump.from()),
                    field("to", jump.last()),
                    field("bounded", jump.bounded()));
            recent.note(jump.term(), words(jump));
        }
        worker = Thread.ofVirtual().name("revisions-lost").start(() -> restart(jump));
    }

    /// An operator says that kine and the API server were restarted.
    void acknowledged(long term) {
        String words = "kine and the API server were restarted, as an operator says";
        LOG.info(words, field("event", "revisions-acknowledged"), field("term", term));
        recent.note(term, words);
    }

    private void restart(Jump jump) {
        try {
            Optional<String> failure = hook == null ? Optional.of("there is none") : hook.run(jump);
            if (failure.isPresent()) {
                LOG.error("--on-revisions-lost: " + failure.get() + ". " + remedy(jump.left()));
                recent.note(jump.term(), "kine and the API server have to be restarted by hand");
            } else {
                LOG.info("--on-revisions-lost has restarted kine and the API server");
                recent.note(jump.term(), "kine and the API server were restarted");
            }
            inbox.post(new Event.LossTold(clock.millis(), jump.term(), failure.isEmpty()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        Thread present = worker;
        if (present != null) {
            present.interrupt();
        }
    }
}
