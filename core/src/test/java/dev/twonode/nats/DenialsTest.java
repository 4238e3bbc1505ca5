package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Denial.Verb;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DenialsTest {

    private static final String URL = "nats://host:4222";

    private final AtomicLong now = new AtomicLong();
    private final Denials denials = new Denials(now::get);

    @Test
    void whatIsRefusedTimeAndAgainIsOneDenialUntilItIsRefusedNoMore() {
        denials.heard(heartbeat());
        now.addAndGet(Duration.ofSeconds(29).toNanos());
        denials.heard(heartbeat());
        now.addAndGet(Duration.ofSeconds(29).toNanos());
        assertThat(denials.current()).containsExactly(heartbeat());

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(denials.current()).isEmpty();
    }

    @Test
    void aServerThatRefusesSomethingElseEachTimeFillsNoMemory() {
        for (int i = 0; i < 60; i++) {
            denials.heard(new Denial(URL, Verb.PUBLISH, "x" + i, "x" + i));
        }

        assertThat(denials.current()).hasSize(50);
    }

    @Test
    void aRequestEndsByARefusalOfItsSubjectOrOfItsAnswer() {
        CompletableFuture<Denial> asked = denials.next("twonode.kine.state");
        CompletableFuture<Denial> other = denials.next("twonode.kine.stepdown");
        denials.heard(heartbeat());
        assertThat(asked).isNotDone();

        denials.heard(new Denial(URL, Verb.PUBLISH, "twonode.kine.state", "twonode.kine.>"));
        assertThat(asked).isDone();
        assertThat(other).isNotDone();

        denials.heard(new Denial(URL, Verb.SUBSCRIBE, "_INBOX.x.*", "_INBOX.>", true));
        assertThat(other).isDone();
    }

    @Test
    void aRefusedSubscriptionThatBringsNoAnswersEndsNoRequest() {
        CompletableFuture<Denial> asked = denials.next("twonode.kine.state");

        denials.heard(new Denial(URL, Verb.SUBSCRIBE, "twonode.kine.heartbeat", "twonode.kine.>"));
        denials.heard(new Denial(URL, Verb.SUBSCRIBE, "_INBOX.feed", "_INBOX.>"));

        assertThat(asked).isNotDone();
    }

    private static Denial heartbeat() {
        return new Denial(URL, Verb.PUBLISH, "twonode.kine.heartbeat", "twonode.kine.>");
    }
}
