package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {

    private final Inbox inbox = new Inbox();

    private Event next() throws InterruptedException {
        return inbox.take(Duration.ZERO).orElseThrow();
    }

    /// One thread reports what is durable, another one a gap that the copy is about to pass.
    @Test
    void reportsOfOneCopyTakeNothingBackFromEachOther() throws InterruptedException {
        inbox.post(new Event.Copied(1, 7, 60, 90));
        inbox.post(new Event.Copied(2, 7, 61, 50));
        inbox.post(new Event.Copied(3, 7, 59, 50));

        assertThat(next()).isEqualTo(new Event.Copied(3, 7, 61, 90));
        assertThat(inbox.take(Duration.ZERO)).isEmpty();
    }

    @Test
    void ofAnEarlierCopyNothingIsKept() throws InterruptedException {
        inbox.post(new Event.Copied(1, 7, 60, 90));
        inbox.post(new Event.Copied(2, 8, 40, 0));

        assertThat(next()).isEqualTo(new Event.Copied(2, 8, 40, 0));
    }

    /// A connection to the leader of before may still hold one that is further.
    @Test
    void ofWhatWasSeenOnlyTheNewestTermCounts() throws InterruptedException {
        inbox.post(new Event.SequenceSeen(1, 6, 90));
        inbox.post(new Event.SequenceSeen(2, 7, 60));
        inbox.post(new Event.SequenceSeen(3, 6, 91));
        inbox.post(new Event.SequenceSeen(4, 7, 59));

        assertThat(next()).isEqualTo(new Event.SequenceSeen(2, 7, 60));
        assertThat(inbox.take(Duration.ZERO)).isEmpty();
    }

    @Test
    void progressComesBeforeWhatWasPostedEarlier() throws InterruptedException {
        Event.Ticked tick = new Event.Ticked(1, 0);
        inbox.post(tick);
        inbox.post(new Event.Copied(2, 7, 60, 0));

        assertThat(next()).isEqualTo(new Event.Copied(2, 7, 60, 0));
        assertThat(next()).isEqualTo(tick);
    }
}
