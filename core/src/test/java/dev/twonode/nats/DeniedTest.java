package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Denial.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeniedTest {

    private static final String URL = "nats://host:4222";

    @Test
    void itSaysWhatToGrant() {
        Denial denial = said("Publish", "$JS.API.STREAM.INFO.KV_kine");

        assertThat(denial.problem())
                .isEqualTo(
                        "this login may not publish to \"$JS.API.STREAM.INFO.KV_kine\" at"
                                + " nats://host:4222");
        assertThat(denial.remedy()).contains("let it publish \"$JS.API.>\" there");
    }

    @ParameterizedTest
    @CsvSource({
        "_TWONODE.joined.1a2b, _TWONODE.>",
        "twonode.kine.heartbeat, twonode.kine.>",
        "twonode.other.state, twonode.other.>",
        "$KV.kine.a.b, $KV.kine.>",
        "_BOX.7.x, _BOX.>",
        "_INBOX.7.x, _INBOX.7.x",
        "state, state"
    })
    void subjectsThatDifferEachTimeAreGrantedAsAWhole(String subject, String permission) {
        Denial denial = said("Subscription", subject);

        assertThat(denial.verb()).isEqualTo(Verb.SUBSCRIBE);
        assertThat(denial.permission()).isEqualTo(permission);
    }

    @ParameterizedTest
    @CsvSource({
        "Subscription, _BOX.7.*, true",
        "Subscription, _BOX.7, false",
        "Subscription, twonode.kine.stored.1a.2.*, false",
        "Publish, _BOX.7.*, false"
    })
    void onlyTheInboxForAllAnswersKeepsThemAway(String verb, String subject, boolean answers) {
        assertThat(said(verb, subject).answers()).isEqualTo(answers);
    }

    /// Consumers and inboxes have other names at each attempt.
    @Test
    void whatIsDeniedTimeAndAgainIsToldInTheSameWords() {
        String deleting = "$JS.API.CONSUMER.DELETE.KV_kine.twonode-";
        Denial one = said("Publish", deleting + "UFUUt8oFxw9Yl4GOTXYhiC");
        Denial other = said("Publish", deleting + "UFUUt8oFxw9Yl4GOTXYhsk");

        assertThat(one.problem()).isEqualTo(other.problem()).contains('"' + deleting + "*\"");
        assertThat(one.concerns(one.subject())).isTrue();
        assertThat(one.concerns(other.subject())).isFalse();
    }

    @Test
    void anotherErrorIsNoDenial() {
        assertThat(Denied.of("Authorization Violation", URL, "_INBOX")).isEmpty();
    }

    private static Denial said(String verb, String subject) {
        String error = "Permissions Violation for %s to \"%s\"".formatted(verb, subject);
        return Denied.of(error, URL, "_BOX").orElseThrow();
    }
}
