package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.agent.Reply;
import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void versionComesFromTheBuild() {
        assertThat(Version.number()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void optionAndCommandAgree() {
        Launched option = Cli.launch("--version");
        Launched command = Cli.launch("version");

        assertThat(option.exitCode()).isZero();
        assertThat(command.output()).startsWith(option.output());
    }

    @Test
    void jsonHasTheSchemaFirst() {
        assertThat(Cli.launch("version", "-o", "json").output())
                .startsWith("{\n  \"schema\" : 1,\n  \"version\" : \"" + Version.number() + "\"");
    }

    @Test
    void yamlSaysTheSame() {
        assertThat(Cli.launch("version", "-o", "yaml").output())
                .startsWith("schema: 1\nversion: " + Version.number() + "\n");
    }

    @Test
    void tsvHasALineOfHeadingsThatCanBeLeftOut() {
        assertThat(Cli.launch("version", "-o", "tsv").output())
                .startsWith("version\tjava\tserver\n");
        assertThat(Cli.launch("version", "-o", "tsv", "--no-header").output())
                .startsWith(Version.number() + "\t");
    }

    @Test
    void serverThatIsNamedIsAsked() {
        assertThat(
                        new Cli()
                                .agents(FakeAgents.healthy())
                                .run("version", "-s", "a.example")
                                .output())
                .endsWith("server  nats-server 2.15.2 at nats://a.example:4222, agent 0.1.0\n");
    }

    @Test
    void serverThatIsNamedAndDoesNotAnswerIsAFailureBehindTheVersion() {
        Launched launched = new Cli().agents(new FakeAgents()).run("version", "-s", "a.example");

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.output())
                .startsWith("twonode " + Version.number())
                .endsWith("server  no answer from nats://a.example:4222\n");
        assertThat(launched.error()).contains("nothing listens there", "do:");
    }

    @Test
    void serverWithoutAnAgentIsAnAnswer() {
        FakeAgents agents =
                new FakeAgents()
                        .everything(FakeAgents.A, new Reply.NoResponders("nats-server 2.15.2"));
        Launched launched = new Cli().agents(agents).run("version", "-s", "a.example");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .endsWith("server  nats-server 2.15.2 at nats://a.example:4222, no agent\n");
    }
}
