package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.Launched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent itself is run by other tests, as a process of its own.
class RunTest {

    @Test
    void withoutAPeerItSaysWhichFlagIsMissing() {
        Launched launched = Cli.launch("run");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("--peer-url is missing");
    }

    @Test
    void ownServerAsPeerIsRefused() {
        Launched launched =
                Cli.launch("run", "-s", "127.0.0.1:4222", "--peer-url", "localhost:4222");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("this node's own server");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        Launched launched = Cli.launch("run", "--heartbeat", "soon", "--name", "a b");

        assertThat(launched.error()).contains("--heartbeat", "--name", "--peer-url");
    }

    @Test
    void problemInAFileIsAProblemOfTheConfiguration(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, "peer-url: nats://b.example:4222\nhartbeat: 250ms\n");
        Launched launched = Cli.launch("run", "--config", file.toString());

        assertThat(launched.exitCode()).isEqualTo(78);
        assertThat(launched.error()).contains("config.yaml:2", "did you mean 'heartbeat'?");
    }

    @Test
    void printedSettingsSayWhereEachCameFrom() {
        Launched launched =
                new Cli()
                        .variable("TWONODE_BUCKET", "other")
                        .run("run", "--peer-url", "b.example", "--print-config");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .contains("peer-url: b.example  # --peer-url")
                .contains("bucket: other  # $TWONODE_BUCKET")
                .contains("# heartbeat: 250ms  # default");
    }

    @Test
    void gatewayMayListenAtSeveralAddresses() {
        Launched launched =
                Cli.launch(
                        "run",
                        "--peer-url",
                        "b.example",
                        "--gateway",
                        "127.0.0.1:4240",
                        "--gateway",
                        "127.0.0.2:4240",
                        "--print-config");

        assertThat(launched.output()).contains("gateway: 127.0.0.1:4240,127.0.0.2:4240");
    }

    @Test
    void checkedSettingsAreNotRun() {
        Launched launched = Cli.launch("run", "--peer-url", "b.example", "--check-config");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).isEqualTo("the settings can be used\n");
    }

    @Test
    void checkedSettingsSayOfTheStateFolderWhatARunWouldSay() {
        String[] run = {"run", "--peer-url", "b.example", "--state-dir", "/proc/twonode"};
        String[] check = Arrays.copyOf(run, run.length + 1);
        check[run.length] = "--check-config";
        Launched checked = Cli.launch(check);

        assertThat(checked.exitCode()).isEqualTo(78);
        assertThat(checked.output()).isEmpty();
        assertThat(checked.error())
                .contains("error: the agent cannot start", "/proc/twonode", "do:  make ");
        assertThat(Cli.launch(run).error()).endsWith(checked.error());
    }

    /// A running agent has it, and settings are checked beside one before it is started again.
    @Test
    void checkedSettingsNoteAGatewayAddressThatIsTaken() throws IOException {
        String gateway;
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            gateway = "127.0.0.1:" + taken.getLocalPort();
            Launched launched = checked("--gateway", gateway);

            assertThat(launched.exitCode()).isZero();
            assertThat(launched.output()).isEqualTo("the settings can be used\n");
            assertThat(launched.error())
                    .contains("note: the gateway cannot listen at " + gateway)
                    .contains("unless that is this node's agent, which runs");
        }
        assertThat(checked("--gateway", gateway).error()).isEmpty();
        assertThat(checked("--gateway", "off").error()).isEmpty();
    }

    @Test
    void checkedSettingsAreRefusedWithACertificateThatIsNone(@TempDir Path folder)
            throws IOException {
        String file = Files.writeString(folder.resolve("no.pem"), "none").toString();
        Launched launched = checked("--gateway-tlscert", file, "--gateway-tlskey", file);

        assertThat(launched.exitCode()).isEqualTo(78);
        assertThat(launched.error())
                .contains("error: the agent cannot start", "the TLS files cannot be used");
    }

    private static Launched checked(String... more) {
        List<String> all = new ArrayList<>(List.of("run", "--peer-url", "b.example"));
        all.addAll(List.of(more));
        all.add("--check-config");
        return Cli.launch(all.toArray(String[]::new));
    }

    @Test
    void checkedSettingsLeaveNoStateFolderBehind(@TempDir Path folder) {
        Launched launched =
                Cli.launch(
                        "run",
                        "--peer-url",
                        "b.example",
                        "--state-dir",
                        folder.resolve("var/state").toString(),
                        "--check-config");

        assertThat(launched.exitCode()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void stateFolderThatCannotBeMadeEndsBeforeAnythingIsTouched(@TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "");
        Launched launched =
                Cli.launch(
                        "run",
                        "--peer-url",
                        "127.0.0.1:2",
                        "-s",
                        "127.0.0.1:1",
                        "--state-dir",
                        file.resolve("state").toString());

        assertThat(launched.exitCode()).isEqualTo(78);
        assertThat(launched.error())
                .contains("error: the agent cannot start", "why: ", "do:  move " + file + " away");
    }
}
