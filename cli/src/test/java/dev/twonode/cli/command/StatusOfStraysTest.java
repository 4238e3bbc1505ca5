package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import org.junit.jupiter.api.Test;

/// What `status` makes of an agent that looks for its peer where that is not.
class StatusOfStraysTest extends StatusAsked {

    /// With a wrong --peer-url.
    private void misleadA(String peer) {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .nested("peer", "{\"url\":\"nats://c.example:4222\"," + peer + "}"));
    }

    @Test
    void aWrongAddressOfThePeerIsAProblemAndNoThirdNode() {
        misleadA("\"elsewhere\":true,\"failure\":\"nothing listens there\"");
        Launched launched = wide("status", "-s", "a.example,b.example", "--exit-code");

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output())
                .contains("a hears b but does not reach its NATS server at nats://c.example:4222")
                .contains("correct --peer-url of a and start its agent again")
                .doesNotContain("no answer", "cannot be reached");

        misleadA("\"node\":null,\"contact\":\"never\",\"lastContactMs\":null");
        assertThat(wide("status", "-s", "a.example,b.example").output())
                .contains("a has not heard b since its agent started, at nats://c.example:4222")
                .contains(
                        "correct --peer-url of a unless nats://c.example:4222 is that server as"
                                + " seen from its machine")
                .doesNotContain("no answer");
    }

    @Test
    void anAddressThatOnlyTheAgentReachesIsNoProblem() {
        misleadA("\"contact\":\"ok\"");
        Launched launched = wide("status", "-s", "a.example,b.example", "--exit-code");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("✓ a leads, its peer is in sync");
    }

    @Test
    void aThirdNodeThatWasNamedIsShown() {
        assertThat(wide("status", "-s", "a.example,b.example,c.example").output())
                .contains("nats://c.example:4222", "no answer");
    }

    @Test
    void aThirdAddressThatIsMistypedIsNotTheOtherNodeAgain() {
        String shown = wide("status", "-s", "a.example,c.example").output();

        assertThat(shown).containsOnlyOnce("│ b ").contains("nats://c.example:4222", "no answer");
        assertThat(shown).doesNotContain("(follower)");
    }

    @Test
    void oneNodeThatIsNamedTwiceIsShownOnce() {
        agents.state("nats://also-a.example:4222", StateBuilder.leaderA());

        assertThat(wide("status", "--local", "-s", "a.example,also-a.example").output())
                .containsOnlyOnce("│ a ")
                .doesNotContain("both lead", "both nodes are named");
    }
}
