package dev.twonode.config;

import static dev.twonode.config.SettingSpec.setting;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Every setting of an agent, once: its flag (also its key in a configuration file and, in capitals
/// with `TWONODE_` before it, its environment variable), its default and its meaning.
public enum Setting {
    CONFIG(setting("config", "FILE").says("configuration file (YAML, keys are the long flags)")),

    NAME(setting("name", "NAME").unset("the host name").says("name of this node in the pair")),
    STATE_DIR(
            setting("state-dir", "DIR")
                    .unset("$STATE_DIRECTORY, or /var/lib/twonode for root, or in the home folder")
                    .says("folder of the journal, the events and the exported orphans")),

    PEER_URL(setting("peer-url", "URL").unset("none, required").says("the peer's NATS server")),
    LEADER(setting("leader", "").byDefault("false").says("this node leads the first time")),
    BUCKET(setting("bucket", "NAME").byDefault("kine").says("the KV bucket that kine uses")),
    SUBJECT_PREFIX(
            setting("subject-prefix", "PREFIX")
                    .unset("none")
                    .says("goes before the plain subjects `state`, `status` and so on")),
    START_ALONE(
            setting("start-alone", "proof|designated")
                    .byDefault("proof")
                    .says("what a node needs to lead without having met its peer")),
    ON_DIVERGENCE(
            setting("on-divergence", "rejoin|stop")
                    .byDefault("rejoin")
                    .says("what follows when both sides wrote without each other")),

    GATEWAY(
            setting("gateway", "HOST:PORT")
                    .byDefault("127.0.0.1:4240")
                    .says(
                            "where clients reach the leader through this node, or off; may be"
                                    + " repeated")),
    COMMIT(
            setting("commit", "both|leader")
                    .byDefault("both")
                    .says("what has to have a write before a client of the gateway is told")),
    MAX_LOSS(
            setting("max-loss", "N")
                    .byDefault("1000")
                    .says("how many writes the leader may be ahead with --commit leader")),
    WHEN_ALONE(
            setting("when-alone", "serve|stop")
                    .byDefault("serve")
                    .says("what a leader does that lost its follower without a word")),
    ON_REVISIONS_LOST(
            setting("on-revisions-lost", "COMMAND")
                    .unset("none")
                    .says(
                            "run by sh when acknowledged writes may be lost; has to restart kine"
                                    + " and the API server")),
    GATEWAY_TLSCERT(
            setting("gateway-tlscert", "FILE")
                    .unset("none: the gateway speaks plain TCP")
                    .says("certificate of the gateway; clients then have to use TLS")),
    GATEWAY_TLSKEY(
            setting("gateway-tlskey", "FILE").unset("none").says("key of --gateway-tlscert")),
    HOLD_TIMEOUT(
            setting("hold-timeout", "TIME")
                    .byDefault("10s")
                    .says("how long the gateway lets a request wait for a leader")),

    HEARTBEAT(setting("heartbeat", "TIME").byDefault("250ms").says("time between heartbeats")),
    PEER_TIMEOUT(
            setting("peer-timeout", "TIME")
                    .byDefault("1500ms")
                    .says("silence after which the peer counts as gone")),
    DIAL_TIMEOUT(
            setting("dial-timeout", "TIME")
                    .unset("a third of --peer-timeout, at most 500ms")
                    .says("bound of one attempt to connect")),
    PEER_RETRIES(
            setting("peer-retries", "N")
                    .unset("10, and 3 at the first start of the designated node")
                    .says("attempts to reach the peer at a start, 0 for no end")),
    RETRY_INTERVAL(
            setting("retry-interval", "TIME").byDefault("1s").says("time between those attempts")),
    SHUTDOWN_TIMEOUT(
            setting("shutdown-timeout", "TIME")
                    .byDefault("10s")
                    .says("bound of the handover when a leader is told to end")),

    SERVER(
            setting("server", "URL")
                    .byDefault("nats://127.0.0.1:4222")
                    .alsoFrom("NATS_URL")
                    .says("this node's own NATS server")),
    CONTEXT(
            setting("context", "NAME")
                    .unset("none")
                    .alsoFrom("NATS_CONTEXT")
                    .says("NATS context to take the connection settings from")),
    NO_CONTEXT(setting("no-context", "").byDefault("false").says("ignore the selected context")),
    USER(setting("user", "NAME").unset("none").alsoFrom("NATS_USER").says("user name")),
    PASSWORD(
            setting("password", "WORD")
                    .unset("none")
                    .alsoFrom("NATS_PASSWORD")
                    .secret()
                    .says("password; other users of the machine can read a flag")),
    PASSWORD_FILE(setting("password-file", "FILE").unset("none").says("file with the password")),
    TOKEN(
            setting("token", "WORD")
                    .unset("none")
                    .alsoFrom("NATS_TOKEN")
                    .secret()
                    .says("token; other users of the machine can read a flag")),
    TOKEN_FILE(setting("token-file", "FILE").unset("none").says("file with the token")),
    CREDS(setting("creds", "FILE").unset("none").alsoFrom("NATS_CREDS").says("credentials file")),
    NKEY(
            setting("nkey", "FILE")
                    .unset("none")
                    .alsoFrom("NATS_NKEY")
                    .says("file with an NKey seed")),
    TLSCERT(setting("tlscert", "FILE").unset("none").alsoFrom("NATS_CERT").says("certificate")),
    TLSKEY(setting("tlskey", "FILE").unset("none").alsoFrom("NATS_KEY").says("key of --tlscert")),
    TLSCA(
            setting("tlsca", "FILE")
                    .unset("those that the Java runtime trusts")
                    .alsoFrom("NATS_CA")
                    .says("certificate authorities to trust")),
    TLSFIRST(
            setting("tlsfirst", "")
                    .byDefault("false")
                    .alsoFrom("NATS_TLS_FIRST")
                    .says("TLS handshake before the server's greeting")),
    INBOX_PREFIX(
            setting("inbox-prefix", "PREFIX")
                    .byDefault("_INBOX")
                    .alsoFrom("NATS_INBOX_PREFIX")
                    .says("prefix of the subjects that answers come on")),
    TIMEOUT(
            setting("timeout", "TIME")
                    .byDefault("5s")
                    .alsoFrom("NATS_TIMEOUT")
                    .says("bound of one request")),

    PEER_USER(setting("peer-user", "NAME").unset("as --user").says("user name at the peer")),
    PEER_PASSWORD_FILE(
            setting("peer-password-file", "FILE")
                    .unset("as --password-file")
                    .says("file with the password at the peer")),
    PEER_TOKEN_FILE(
            setting("peer-token-file", "FILE")
                    .unset("as --token-file")
                    .says("file with the token at the peer")),
    PEER_CREDS(
            setting("peer-creds", "FILE")
                    .unset("as --creds")
                    .says("credentials file for the peer")),
    PEER_NKEY(setting("peer-nkey", "FILE").unset("as --nkey").says("NKey seed for the peer")),
    PEER_TLSCERT(
            setting("peer-tlscert", "FILE").unset("as --tlscert").says("certificate for the peer")),
    PEER_TLSKEY(setting("peer-tlskey", "FILE").unset("as --tlskey").says("key of --peer-tlscert")),
    PEER_TLSCA(setting("peer-tlsca", "FILE").unset("as --tlsca").says("authorities for the peer")),
    PEER_TLSFIRST(
            setting("peer-tlsfirst", "").unset("as --tlsfirst").says("as --tlsfirst, at the peer")),

    LOG_FORMAT(
            setting("log-format", "auto|plain|logfmt|json")
                    .byDefault("auto")
                    .says("form of the log lines; auto is plain on a terminal, else logfmt")),
    LOG_LEVEL(
            setting("log-level", "error|warn|info|debug|trace")
                    .byDefault("info")
                    .says("least level that is logged"));

    /// A record of texts only, which the checker cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final SettingSpec spec;

    Setting(SettingSpec spec) {
        this.spec = spec;
    }

    /// The long flag without its dashes, which is also the key in a configuration file.
    public String flag() {
        return spec.flag();
    }

    /// What stands for the value in a usage line, empty for a switch.
    public String placeholder() {
        return spec.placeholder();
    }

    /// Whether the setting is on or off and its flag needs no value.
    public boolean isSwitch() {
        return spec.placeholder().isEmpty();
    }

    /// The value when nothing else gives one; empty when none is fixed.
    public Optional<String> fixedDefault() {
        return Optional.ofNullable(spec.fixedDefault());
    }

    /// The default in words, for the help and the README.
    public String defaultInWords() {
        return spec.defaultInWords();
    }

    public String meaning() {
        return spec.meaning();
    }

    /// Whether the value must never be shown.
    public boolean isSecret() {
        return spec.isSecret();
    }

    /// The environment variables that give this setting, the stronger one first.
    public List<String> variables() {
        String own = "TWONODE_" + flag().toUpperCase(Locale.ROOT).replace('-', '_');
        String other = spec.otherVariable();
        return other == null ? List.of(own) : List.of(own, other);
    }

    /// The setting of that flag, without dashes.
    public static Optional<Setting> ofFlag(String flag) {
        return Arrays.stream(values()).filter(s -> s.flag().equals(flag)).findFirst();
    }

    /// The flag as a person types it.
    @Override
    public String toString() {
        return "--" + flag();
    }
}
