package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;

/// What `status` is asked of: a healthy pair, until a test says what is wrong with it.
abstract class StatusAsked {

    static final String[] ASK_A = {"status", "-s", "a.example", "--exit-code"};

    final FakeAgents agents = FakeAgents.healthy();

    /// Node a leads alone and does not hear b.
    final void followerSilent() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .with("alone", true)
                        .with("inSync", false)
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":12300}"));
    }

    final void assertAdvice(String message, String next) {
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output()).contains(message).contains(next);
    }

    final Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }

    /// Wide enough that no sentence is broken.
    final Launched wide(String... args) {
        return new Cli().agents(agents).variable("COLUMNS", "300").run(args);
    }
}
