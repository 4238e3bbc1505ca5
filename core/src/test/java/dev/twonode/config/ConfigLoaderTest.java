package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.PairSettings.OnDivergence;
import dev.twonode.config.PairSettings.StartAlone;
import dev.twonode.logging.LogFormat;
import dev.twonode.logging.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    @TempDir Path folder;
    private ConfigFixture machine;

    @BeforeEach
    void machine() {
        machine = new ConfigFixture(folder);
    }

    @Test
    void defaultsAreThese() {
        Config config = machine.withPeer().config();

        assertThat(config.name()).hasToString("edge-1");
        assertThat(config.pair())
                .isEqualTo(
                        new PairSettings("kine", false, "", StartAlone.PROOF, OnDivergence.REJOIN));
        assertThat(config.server().servers())
                .containsExactly(ServerUrl.parse("nats://127.0.0.1:4222"));
        assertThat(config.server().credentials()).isEqualTo(new Credentials.None());
        assertThat(config.server().tls()).isEqualTo(TlsSettings.UNSET);
        assertThat(config.server().inboxPrefix()).isEqualTo("_INBOX");
        assertThat(config.server().connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.server().requestTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.timing())
                .isEqualTo(
                        new Timing(
                                Duration.ofMillis(250),
                                Duration.ofMillis(1_500),
                                Duration.ofMillis(500),
                                10,
                                3,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(10)));
        assertThat(config.stateDir()).isEqualTo(folder.resolve("home/.local/state/twonode"));
        assertThat(config.logFormat()).isEqualTo(LogFormat.AUTO);
        assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void everyFlagReachesItsPlace() {
        machine.flag(Setting.NAME, "a")
                .flag(Setting.PEER_URL, "edge-2:4300, edge-2b")
                .flag(Setting.SERVER, "localhost:4555")
                .flag(Setting.LEADER, "true")
                .flag(Setting.BUCKET, "k8s_1")
                .flag(Setting.SUBJECT_PREFIX, "site.7")
                .flag(Setting.START_ALONE, "designated")
                .flag(Setting.ON_DIVERGENCE, "stop")
                .flag(Setting.STATE_DIR, "/srv/x/../twonode")
                .flag(Setting.INBOX_PREFIX, "_MINE.")
                .flag(Setting.TIMEOUT, "2s")
                .flag(Setting.LOG_FORMAT, "json")
                .flag(Setting.LOG_LEVEL, "debug");
        Config config = machine.config();

        assertThat(config.name()).hasToString("a");
        assertThat(config.peer().servers())
                .hasToString("[nats://edge-2:4300, nats://edge-2b:4222]");
        assertThat(config.server().server()).hasToString("nats://localhost:4555");
        assertThat(config.pair())
                .isEqualTo(
                        new PairSettings(
                                "k8s_1",
                                true,
                                "site.7.",
                                StartAlone.DESIGNATED,
                                OnDivergence.STOP));
        assertThat(config.pair().stream()).isEqualTo("KV_k8s_1");
        assertThat(config.stateDir()).isEqualTo(Path.of("/srv/twonode"));
        assertThat(config.server().inboxPrefix()).isEqualTo("_MINE");
        assertThat(config.peer().requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.logFormat()).isEqualTo(LogFormat.JSON);
        assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void everyTimeReachesItsPlace() {
        machine.withPeer()
                .flag(Setting.HEARTBEAT, "100ms")
                .flag(Setting.PEER_TIMEOUT, "900ms")
                .flag(Setting.DIAL_TIMEOUT, "200ms")
                .flag(Setting.PEER_RETRIES, "7")
                .flag(Setting.RETRY_INTERVAL, "300ms")
                .flag(Setting.SHUTDOWN_TIMEOUT, "1m");

        assertThat(machine.config().timing())
                .isEqualTo(
                        new Timing(
                                Duration.ofMillis(100),
                                Duration.ofMillis(900),
                                Duration.ofMillis(200),
                                7,
                                7,
                                Duration.ofMillis(300),
                                Duration.ofMinutes(1)));
    }

    @Test
    void dialTimeoutFollowsAShorterPeerTimeout() {
        Config config = machine.withPeer().flag(Setting.PEER_TIMEOUT, "900ms").config();

        assertThat(config.timing().dialTimeout()).isEqualTo(Duration.ofMillis(300));
        assertThat(config.server().connectTimeout()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void flagBeatsVariableBeatsUserFileBeatsSystemFileBeatsDefault() {
        machine.withPeer();
        assertThat(bucketAndOrigin()).isEqualTo("kine from default");

        machine.systemFile("bucket: system\nheartbeat: 200ms\n");
        assertThat(bucketAndOrigin()).isEqualTo("system from " + folder + "/etc/config.yaml:1");

        machine.userFile("# mine\n\nbucket: user\n");
        assertThat(bucketAndOrigin())
                .isEqualTo("user from " + folder + "/home/.config/twonode/config.yaml:3");

        String named = machine.file("named.yaml", "bucket: named");
        machine.flag(Setting.CONFIG, named);
        assertThat(bucketAndOrigin()).isEqualTo("named from " + named + ":1");

        machine.variable("TWONODE_BUCKET", "variable");
        assertThat(bucketAndOrigin()).isEqualTo("variable from $TWONODE_BUCKET");

        machine.flag(Setting.BUCKET, "flag");
        assertThat(bucketAndOrigin()).isEqualTo("flag from --bucket");
        assertThat(machine.config().timing().heartbeat()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void ownVariableBeatsTheOneOfTheNatsCommand() {
        machine.withPeer().variable("NATS_URL", "nats-url:4222");
        assertThat(machine.config().server().server()).hasToString("nats://nats-url:4222");

        machine.variable("TWONODE_SERVER", "own:4222");
        assertThat(machine.config().server().server()).hasToString("nats://own:4222");
    }

    @Test
    void everyVariableOfTheFlagIsRead() {
        for (Setting setting : Setting.values()) {
            assertThat(setting.variables().getFirst())
                    .matches("TWONODE_[A-Z_]+")
                    .isEqualTo("TWONODE_" + setting.name());
        }
    }

    @Test
    void emptyVariableSaysNothing() {
        assertThat(machine.withPeer().variable("TWONODE_BUCKET", "").config().pair().bucket())
                .isEqualTo("kine");
    }

    @Test
    void emptyPathsAndSecretsAreNoneRatherThanTheFolderOneIsIn() {
        machine.withPeer().flag(Setting.STATE_DIR, "").flag(Setting.TOKEN, "");

        assertThat(machine.problems())
                .containsExactlyInAnyOrder(
                        "--state-dir: no path; name one, or leave it out",
                        "--token: it is empty; give it, or leave it out");
    }

    @Test
    void allProblemsComeAtOnceWithOriginAndRemedy() {
        machine.variable("TWONODE_HEARTBEAT", "soon")
                .systemFile("bucket: 'a b'\nlog-level: verbose\n")
                .flag(Setting.NAME, "no spaces")
                .flag(Setting.PEER_RETRIES, "many")
                .flag(Setting.LEADER, "perhaps");

        assertThat(machine.problems())
                .containsExactlyInAnyOrder(
                        "--name: a node's name is 1 to 63 letters, digits, '-' or '_', not"
                                + " 'no spaces'",
                        "--peer-url is missing: name the peer's NATS server, for example --peer-url"
                                + " nats://OTHER-HOST:4222",
                        "--heartbeat ($TWONODE_HEARTBEAT): 'soon' is not a time; write one like"
                                + " 250ms, 1.5s or 2m",
                        "--peer-retries: 'many' is not a whole number",
                        "--leader: 'perhaps' is neither true nor false",
                        "--bucket ("
                                + folder
                                + "/etc/config.yaml:1): 'a b' is no name of a bucket;"
                                + " use letters, digits, '-' and '_'",
                        "--log-level ("
                                + folder
                                + "/etc/config.yaml:2): 'verbose' is not one of"
                                + " error, warn, info, debug, trace");
    }

    @Test
    void aFileThatCannotBeReadIsNotAlsoBlamedForWhatMayStandInIt() {
        machine.flag(Setting.CONFIG, folder.resolve("gone.yaml").toString());

        assertThat(machine.problems())
                .containsExactly(
                        "cannot read the configuration file "
                                + folder.resolve("gone.yaml")
                                + ": there is no such file");
    }

    @Test
    void choiceThatIsNearlyRightGetsAHint() {
        machine.withPeer().flag(Setting.START_ALONE, "desginated");

        assertThat(machine.onlyProblem())
                .isEqualTo(
                        "--start-alone: 'desginated' is not one of proof, designated (did you mean"
                                + " 'designated'?)");
    }

    @Test
    void peerThatIsOneselfIsRefusedInAnySpelling() {
        machine.flag(Setting.PEER_URL, "localhost:4222");

        assertThat(machine.onlyProblem())
                .isEqualTo(
                        "--peer-url: nats://localhost:4222 is this node's own server (--server);"
                                + " name the other machine's");
    }

    @Test
    void theOwnGatewayIsNoServer() {
        machine.withPeer().flag(Setting.SERVER, "localhost:4240");

        assertThat(machine.onlyProblem())
                .isEqualTo(
                        "--server: nats://localhost:4240 is this node's own gateway (--gateway);"
                                + " name the NATS server's port, 4222 as a rule");

        machine.flag(Setting.SERVER, "localhost:4222")
                .flag(Setting.PEER_URL, "127.0.0.1:4300")
                .flag(Setting.GATEWAY, "0.0.0.0:4300");

        assertThat(machine.onlyProblem()).startsWith("--peer-url: ").contains("own gateway");
    }

    @Test
    void aFileWithoutANameIsNotTheWorkingFolder() {
        assertThat(machine.flag(Setting.CONFIG, "").onlyProblem())
                .isEqualTo("--config: no file; name one, or leave it out");
        assertThat(machine.flag(Setting.CONFIG, "a\0b").onlyProblem()).contains("is not a path");
    }

    @Test
    void machineNameIsMadeFit() {
        machine.withPeer().hostName("Möbel_7.local");
        assertThat(machine.config().name()).hasToString("M-bel_7");

        machine.hostName("x".repeat(80));
        assertThat(machine.config().name().value()).hasSize(63);

        machine.hostName("");
        assertThat(machine.onlyProblem()).contains("--name");
    }

    @Test
    void misspeltVariableIsWarnedOf() {
        machine.withPeer()
                .variable("TWONODE_PEER_TIMOUT", "9s")
                .variable("TWONODE_JAVA_OPTS", "-Xmx64m");

        assertThat(machine.load().warnings())
                .containsExactly(
                        "ignored $TWONODE_PEER_TIMOUT (did you mean 'TWONODE_PEER_TIMEOUT'?)");
    }

    @Test
    void printedSettingsCanBeReadBack() {
        String yaml =
                machine.withPeer()
                        .flag(Setting.LEADER, "true")
                        .variable("TWONODE_HEARTBEAT", "100ms")
                        .load()
                        .toYaml();

        assertThat(yaml)
                .contains("heartbeat: 100ms  # $TWONODE_HEARTBEAT\n")
                .contains("leader: true  # --leader\n")
                .contains("# name: edge-1  # default\n")
                .contains(
                        "# peer-retries: 10  # default, and 3 at the first start of the"
                                + " designated node\n");
        ConfigFixture other = new ConfigFixture(folder.resolve("other"));
        Config again = other.systemFile(yaml).config();
        assertThat(again.timing().heartbeat()).isEqualTo(Duration.ofMillis(100));
        assertThat(again.pair().designated()).isTrue();
        assertThat(again.timing().firstStartRetries()).isEqualTo(3);
    }

    @Test
    void configurationWithoutFlagsComesFromOneFile() throws ConfigException {
        machine.systemFile(
                """
                peer-url:
                  - edge-2:4222
                  - 10.0.0.2:4222
                leader: yes
                peer-retries: 4
                """);
        Config config = ConfigLoader.load(Map.of(), machine.around()).config();

        assertThat(config.peer().servers()).hasSize(2);
        assertThat(config.pair().designated()).isTrue();
        assertThat(config.timing().firstStartRetries()).isEqualTo(4);
    }

    private String bucketAndOrigin() {
        SettingValue value =
                machine.load().values().stream()
                        .filter(v -> v.setting() == Setting.BUCKET)
                        .findFirst()
                        .orElseThrow();
        return value.text() + " from " + value.origin();
    }
}
