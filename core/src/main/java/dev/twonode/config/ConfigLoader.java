package dev.twonode.config;

import dev.twonode.config.GatewayConfig.Commit;
import dev.twonode.config.GatewayConfig.WhenAlone;
import dev.twonode.config.PairSettings.OnDivergence;
import dev.twonode.config.PairSettings.StartAlone;
import dev.twonode.logging.LogFormat;
import dev.twonode.logging.LogLevel;
import dev.twonode.protocol.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Loads the settings: flag over environment over NATS context over file over default.
public final class ConfigLoader {

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9_-]{1,200}");
    private static final Duration LONGEST_DIAL = Duration.ofMillis(500);
    private static final int USUAL_RETRIES = 10;
    private static final int FIRST_START_RETRIES = 3;

    /// Stands in for a name that was refused, so that the rest is checked too.
    private static final NodeName ANY_NAME = new NodeName("unnamed");

    private final Surroundings around;
    private final List<String> problems = new ArrayList<>();
    private final Values values;
    private final Map<Setting, SettingValue> chosen;
    private final boolean filesAreWhole;
    private final List<String> warnings = new ArrayList<>();

    private ConfigLoader(
            Map<Setting, String> flags, Surroundings around, boolean usesSelectedContext) {
        this.around = around;
        SettingLayers layers = new SettingLayers(around, problems);
        this.chosen = layers.lay(flags, usesSelectedContext);
        this.values = new Values(chosen, problems, around.home());
        this.filesAreWhole = layers.areFilesWhole();
        warnings.addAll(layers.suspiciousVariables());
        for (Setting setting : List.of(Setting.PASSWORD, Setting.TOKEN)) {
            if (flags.containsKey(setting)) {
                warnings.add(
                        "%s: every user of this machine sees it in the process list; use %s-file"
                                .formatted(setting, setting));
            }
        }
    }

    /// Loads the configuration of an agent.
    ///
    /// @param flags the flags that were given, a switch as `true` or `false`
    /// @throws ConfigException with every problem there is
    public static LoadedConfig load(Map<Setting, String> flags, Surroundings around)
            throws ConfigException {
        return new ConfigLoader(flags, around, false).agent();
    }

    /// Loads the connection of a command that talks to one node. Unlike the agent it follows the
    /// selected context of the `nats` command when nobody names a server.
    ///
    /// @throws ConfigException with every problem there is
    public static ConnectionSettings loadConnection(Map<Setting, String> flags, Surroundings around)
            throws ConfigException {
        return new ConfigLoader(flags, around, true).connection();
    }

    private ConnectionSettings connection() throws ConfigException {
        Duration timeout =
                values.duration(Setting.TIMEOUT).orElse(ConnectionSettings.USUAL_TIMEOUT);
        Optional<ConnectionSettings> own = new ConnectionReader(values, timeout).own();
        if (own.isEmpty() || !problems.isEmpty()) {
            throw new ConfigException(distinctProblems());
        }
        return own.get();
    }

    private LoadedConfig agent() throws ConfigException {
        NodeName name = name();
        PairSettings pair = pair();
        Timing timing = timing();
        GatewayConfig gateway = gateway();
        ConnectionReader connections = new ConnectionReader(values, timing.dialTimeout());
        Optional<ConnectionSettings> server = connections.own();
        Optional<ConnectionSettings> peer = peer(connections, server);
        server.ifPresent(it -> refuseGateway(Setting.SERVER, it, gateway));
        peer.ifPresent(it -> refuseGateway(Setting.PEER_URL, it, gateway));
        Path stateDir = values.path(Setting.STATE_DIR).orElseGet(around::stateDir);
        LogFormat format = values.choice(Setting.LOG_FORMAT, LogFormat.class, LogFormat.AUTO);
        LogLevel level = values.choice(Setting.LOG_LEVEL, LogLevel.class, LogLevel.INFO);
        if (server.isEmpty() || peer.isEmpty() || !problems.isEmpty()) {
            throw new ConfigException(distinctProblems());
        }
        Path folder = stateDir.toAbsolutePath().normalize();
        Config config =
                new Config(
                        name,
                        pair,
                        server.get(),
                        peer.get(),
                        gateway,
                        timing,
                        folder,
                        format,
                        level);
        return new LoadedConfig(config, allValues(config), warnings);
    }

    private NodeName name() {
        Optional<NodeName> given = values.parsed(Setting.NAME, NodeName::new);
        if (given.isPresent() || values.isSet(Setting.NAME)) {
            return given.orElse(ANY_NAME);
        }
        String host = around.hostName().split("\\.", 2)[0].replaceAll("[^A-Za-z0-9_-]", "-");
        if (host.isEmpty()) {
            values.problem("the machine has no name to use; give this node one with --name");
            return ANY_NAME;
        }
        return new NodeName(host.length() > 63 ? host.substring(0, 63) : host);
    }

    private PairSettings pair() {
        String bucket = values.parsed(Setting.BUCKET, ConfigLoader::bucket).orElse("kine");
        String prefix =
                values.parsed(Setting.SUBJECT_PREFIX, t -> ConnectionReader.prefix(t) + ".")
                        .orElse("");
        return new PairSettings(
                bucket,
                values.isOn(Setting.LEADER),
                prefix,
                values.choice(Setting.START_ALONE, StartAlone.class, StartAlone.PROOF),
                values.choice(Setting.ON_DIVERGENCE, OnDivergence.class, OnDivergence.REJOIN));
    }

    private GatewayConfig gateway() {
        Commit commit = values.choice(Setting.COMMIT, Commit.class, Commit.BOTH);
        int maxLoss = values.whole(Setting.MAX_LOSS).orElse(0);
        if (maxLoss < 0) {
            values.problem(Setting.MAX_LOSS, "it is negative");
        }
        if (commit == Commit.LEADER) {
            String hook =
                    values.isSet(Setting.ON_REVISIONS_LOST)
                            ? "as --on-revisions-lost does"
                            : "and --on-revisions-lost is not set";
            warnings.add(
                    ("--commit leader: a failover can lose up to %d acknowledged writes; kine and"
                                    + " the API server have to be restarted after one, %s")
                            .formatted(maxLoss, hook));
        }
        return new GatewayConfig(
                values.parsed(Setting.GATEWAY, GatewayConfig::addresses).orElse(List.of()),
                commit,
                values.choice(Setting.WHEN_ALONE, WhenAlone.class, WhenAlone.SERVE),
                maxLoss,
                span(Setting.HOLD_TIMEOUT),
                values.text(Setting.ON_REVISIONS_LOST).orElse(""),
                certificate());
    }

    private Optional<GatewayConfig.Certificate> certificate() {
        Optional<Path> chain =
                FileCheck.certificate(values, Setting.GATEWAY_TLSCERT, Setting.GATEWAY_TLSKEY);
        return FileCheck.certificate(values, Setting.GATEWAY_TLSKEY, Setting.GATEWAY_TLSCERT)
                .flatMap(key -> chain.map(it -> new GatewayConfig.Certificate(it, key)));
    }

    private Timing timing() {
        int problemsBefore = problems.size();
        Duration peerTimeout = span(Setting.PEER_TIMEOUT);
        Duration third = Duration.ofMillis(peerTimeout.toMillis() / 3);
        Duration usualDial = third.compareTo(LONGEST_DIAL) < 0 ? third : LONGEST_DIAL;
        Optional<Integer> retries = values.whole(Setting.PEER_RETRIES);
        Timing timing =
                new Timing(
                        span(Setting.HEARTBEAT),
                        peerTimeout,
                        values.duration(Setting.DIAL_TIMEOUT).orElse(usualDial),
                        retries.orElse(USUAL_RETRIES),
                        retries.orElse(FIRST_START_RETRIES),
                        span(Setting.RETRY_INTERVAL),
                        span(Setting.SHUTDOWN_TIMEOUT));
        if (problems.size() == problemsBefore) {
            problems.addAll(timing.problems());
        }
        return timing;
    }

    /// A time that has a default; after a problem that default.
    private Duration span(Setting setting) {
        return values.duration(setting)
                .orElseGet(() -> DurationText.parse(setting.fixedDefault().orElseThrow()));
    }

    private Optional<ConnectionSettings> peer(
            ConnectionReader connections, Optional<ConnectionSettings> server) {
        if (!values.isSet(Setting.PEER_URL)) {
            if (filesAreWhole) {
                values.problem(
                        "--peer-url is missing: name the peer's NATS server, for example"
                                + " --peer-url nats://OTHER-HOST:4222");
            }
            return Optional.empty();
        }
        Credentials login =
                server.map(ConnectionSettings::credentials).orElse(new Credentials.None());
        TlsSettings tls = server.map(ConnectionSettings::tls).orElse(TlsSettings.UNSET);
        Optional<ConnectionSettings> peer = connections.peer(login, tls);
        if (server.isPresent() && peer.isPresent()) {
            refuseOneself(server.get(), peer.get());
        }
        return peer;
    }

    private void refuseOneself(ConnectionSettings server, ConnectionSettings peer) {
        for (ServerUrl other : peer.servers()) {
            if (server.servers().stream().anyMatch(other::isSameEndpointAs)) {
                values.problem(
                        Setting.PEER_URL,
                        "%s is this node's own server (--server); name the other machine's"
                                .formatted(other));
                return;
            }
        }
    }

    /// An agent that connects to its own gateway would wait for itself.
    private void refuseGateway(
            Setting setting, ConnectionSettings connection, GatewayConfig gateway) {
        for (ServerUrl server : connection.servers()) {
            if (gateway.addresses().stream().anyMatch(server::isServedBy)) {
                values.problem(
                        setting,
                        "%s is this node's own gateway (--gateway); name the NATS server's port,"
                                        .formatted(server)
                                + " 4222 as a rule");
                return;
            }
        }
    }

    private List<SettingValue> allValues(Config config) {
        Timing timing = config.timing();
        fill(Setting.NAME, config.name().value());
        fill(Setting.STATE_DIR, config.stateDir().toString());
        fill(Setting.DIAL_TIMEOUT, DurationText.print(timing.dialTimeout()));
        fill(Setting.PEER_RETRIES, Integer.toString(timing.peerRetries()));
        return List.copyOf(chosen.values());
    }

    private void fill(Setting setting, String computed) {
        chosen.putIfAbsent(setting, new SettingValue(setting, computed, new Origin.Default()));
    }

    /// One mistake can be met twice, once for each of the two connections.
    private List<String> distinctProblems() {
        return problems.stream().distinct().toList();
    }

    /// A bucket's name as it was given.
    ///
    /// @throws IllegalArgumentException if no bucket can have it
    public static String bucket(String text) {
        if (!BUCKET.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no name of a bucket; use letters, digits, '-' and '_'");
        }
        return text;
    }
}
