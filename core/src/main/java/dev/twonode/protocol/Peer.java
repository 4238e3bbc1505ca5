package dev.twonode.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node knows of its peer.
///
/// @param report the newest report, null before the first contact
/// @param heardAt when that report arrived, [Own#NEVER] before the first, and while a leader that
///   slept has heard nothing since
/// @param answered what a leader that slept was answered first to a question asked since: the
///   peer's process, and its counter then; null for nothing yet
/// @param formerProcesses agent processes that have ended, newest last; what they still send is
///   void, as long as another one is heard
/// @param link the own connection to the peer's server
/// @param askedAt when its agent was last asked for its state
/// @param unansweredAt when the newest `state` request was sent that got no answer (rule G1)
/// @param serverAnswers whether the peer's server answered when its agent did not
public record Peer(
        @Nullable Report report,
        long heardAt,
        @Nullable Former answered,
        List<Former> formerProcesses,
        Link link,
        long askedAt,
        long unansweredAt,
        boolean serverAnswers) {

    private static final int REMEMBERED_PROCESSES = 8;

    /// More than any decision counts.
    private static final long ASTRAY = 10_000;

    static final Peer UNKNOWN =
            new Peer(null, Own.NEVER, null, List.of(), Link.DOWN, Own.NEVER, Own.NEVER, false);

    /// A process that seems to have ended.
    ///
    /// @param counter its newest counter
    public record Former(String process, long counter) {}

    /// The connection to the peer's server.
    public enum Link {
        UP,
        /// Ended or never made; nothing is known of the server.
        DOWN,
        /// Existing connections ended and a fresh dial was refused: the process is gone (rule G2).
        REFUSED
    }

    public Peer {
        formerProcesses = List.copyOf(formerProcesses);
    }

    /// Whether a message is news: neither of an ended process nor older than what is known.
    boolean isNews(Report.Sender sender) {
        if (hasEnded(sender)) {
            return false;
        }
        return report == null
                || !report.sender().process().equals(sender.process())
                || report.sender().counter() < sender.counter();
    }

    /// Whether a report is news.
    ///
    /// A late message of a process that ended long ago may be the first that is heard of it. So a
    /// node's numbers tell the older process from the newer, and when the one that seemed newer is
    /// silent while the other goes on talking, it was the other way round.
    ///
    /// @param patience silence after which a process may have ended
    boolean isNewReport(Report news, long now, long patience) {
        Report.Sender sender = news.sender();
        Report known = report;
        if (known == null) {
            return true;
        }
        if (known.sender().process().equals(sender.process())) {
            return known.sender().counter() < sender.counter();
        }
        boolean silent = now - heardAt >= patience;
        for (Former former : formerProcesses) {
            if (former.process().equals(sender.process())) {
                return silent && former.counter() < sender.counter();
            }
        }
        return silent || news.standing().highestTerm() >= known.standing().highestTerm();
    }

    /// Whether what is known is none of this process's words: its answer to a question asked since
    /// would carry a higher counter, give or take what one decision counts.
    boolean isAstray(Report.Sender answer, long askedAt) {
        return report != null
                && report.sender().process().equals(answer.process())
                && heardAt != Own.NEVER
                && askedAt > heardAt
                && report.sender().counter() - answer.counter() > ASTRAY;
    }

    /// Whether another process has taken the sender's place.
    boolean hasEnded(Report.Sender sender) {
        return formerProcesses.stream().anyMatch(it -> it.process().equals(sender.process()));
    }

    Peer heard(Report news, long at) {
        List<Former> former = new ArrayList<>(formerProcesses);
        former.removeIf(it -> it.process().equals(news.sender().process()));
        if (report != null && !report.sender().process().equals(news.sender().process())) {
            former.add(new Former(report.sender().process(), report.sender().counter()));
            if (former.size() > REMEMBERED_PROCESSES) {
                former.removeFirst();
            }
        }
        return new Peer(news, at, answered, former, link, askedAt, unansweredAt, serverAnswers);
    }

    Peer linked(Link now) {
        return new Peer(
                report,
                heardAt,
                answered,
                formerProcesses,
                now,
                askedAt,
                unansweredAt,
                serverAnswers);
    }

    Peer unanswered(long sentAt, boolean serverAnswered) {
        return new Peer(
                report, heardAt, answered, formerProcesses, link, askedAt, sentAt, serverAnswered);
    }

    Peer asked(long at) {
        return new Peer(
                report, heardAt, answered, formerProcesses, link, at, unansweredAt, serverAnswers);
    }

    /// Silence counts from `at` on, or never when that is [Own#NEVER], until it is heard again.
    Peer silentSince(long at) {
        return answered(at, null);
    }

    /// The same after the answer to a question. Who slept learns by it how far the peer's process
    /// was when it was asked.
    Peer answered(Report.Sender sender, long asked) {
        boolean first = answered == null || !answered.process().equals(sender.process());
        return heardAt == Own.NEVER && asked >= askedAt && first
                ? answered(heardAt, new Former(sender.process(), sender.counter()))
                : this;
    }

    private Peer answered(long heard, @Nullable Former first) {
        return new Peer(
                report, heard, first, formerProcesses, link, askedAt, unansweredAt, serverAnswers);
    }

    /// Whether a message was made after that answer: its sender has decided something since, and is
    /// neither gone nor stuck.
    boolean isSinceAnswer(Report.Sender sender) {
        return answered != null
                && answered.process().equals(sender.process())
                && answered.counter() < sender.counter();
    }
}
