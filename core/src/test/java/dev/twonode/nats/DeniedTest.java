package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeniedTest {

    @Test
    void itSaysWhatToGrant() {
        Denied denied =
                Denied.of("Permissions Violation for Publish to \"$JS.API.STREAM.INFO.KV_kine\"")
                        .orElseThrow();

        assertThat(denied.words("nats://host:4222"))
                .startsWith("nats://host:4222: this login may not publish to \"$JS.API.STREAM.")
                .contains("Let it publish \"$JS.API.>\" there");
    }

    @Test
    void subjectsThatDifferEachTimeAreOneCause() {
        String said = "Permissions Violation for Subscription to \"_TWONODE.joined.%s\"";
        Denied one = Denied.of(said.formatted("1a2b")).orElseThrow();
        Denied other = Denied.of(said.formatted("9f")).orElseThrow();

        assertThat(one.verb()).isEqualTo("subscribe");
        assertThat(one.permission()).isEqualTo(other.permission()).isEqualTo("_TWONODE.>");
    }

    @Test
    void aSubjectOfItsOwnIsGrantedAsItIs() {
        Denied denied =
                Denied.of("Permissions Violation for Publish to \"twonode.kine.heartbeat\"")
                        .orElseThrow();

        assertThat(denied.permission()).isEqualTo("twonode.kine.heartbeat");
    }

    @Test
    void anotherErrorIsNoDenial() {
        assertThat(Denied.of("Authorization Violation")).isEmpty();
    }
}
