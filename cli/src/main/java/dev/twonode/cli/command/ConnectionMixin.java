package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.config.ConfigException;
import dev.twonode.config.ConfigLoader;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.Setting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Which node a command talks to, and how: named as the `nats` command names it.
final class ConnectionMixin {

    private static final List<Setting> SETTINGS =
            List.of(
                    Setting.SERVER,
                    Setting.CONTEXT,
                    Setting.NO_CONTEXT,
                    Setting.USER,
                    Setting.PASSWORD,
                    Setting.PASSWORD_FILE,
                    Setting.TOKEN_FILE,
                    Setting.CREDS,
                    Setting.NKEY,
                    Setting.TLSCERT,
                    Setting.TLSKEY,
                    Setting.TLSCA,
                    Setting.TLSFIRST,
                    Setting.INBOX_PREFIX,
                    Setting.TIMEOUT,
                    Setting.BUCKET);

    private final Environment environment;
    private final Options options =
            new Options(
                    Map.of(
                            Setting.SERVER,
                            "NATS server of the node to ask; A,B where any of both will do"));
    private @Nullable ConnectionSettings resolved;

    ConnectionMixin(Environment environment) {
        this.environment = environment;
    }

    /// Adds the options to a command.
    void addTo(CommandSpec spec) {
        spec.addArgGroup(options.group("Connection", 100, SETTINGS));
    }

    /// The connection as flags, environment and contexts say.
    ConnectionSettings settings() {
        ConnectionSettings known = resolved;
        if (known == null) {
            known = resolve();
            resolved = known;
        }
        return known;
    }

    private ConnectionSettings resolve() {
        if (options.given().containsKey(Setting.PASSWORD)) {
            environment
                    .streams()
                    .err()
                    .println(
                            "warning: every user of this machine can read --password in the"
                                    + " process list; use --password-file");
        }
        try {
            return ConfigLoader.loadConnection(options.given(), environment.surroundings());
        } catch (ConfigException e) {
            throw new Failure(
                    options.given().isEmpty() ? ExitCode.CONFIGURATION : ExitCode.USAGE,
                    "the connection settings cannot be used",
                    String.join("; ", e.problems()),
                    "correct them; 'twonode status --help' lists every setting");
        }
    }

    /// Whether a flag says which server is meant.
    boolean isServerNamed() {
        return options.given().containsKey(Setting.SERVER)
                || options.given().containsKey(Setting.CONTEXT);
    }

    /// The bucket whose agents are asked.
    String bucket() {
        String given = options.given().get(Setting.BUCKET);
        String name =
                given == null
                        ? Setting.BUCKET.variables().stream()
                                .map(environment::variable)
                                .filter(value -> !value.isEmpty())
                                .findFirst()
                                .orElseGet(() -> Setting.BUCKET.fixedDefault().orElseThrow())
                        : given;
        try {
            return ConfigLoader.bucket(name);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    given == null ? ExitCode.CONFIGURATION : ExitCode.USAGE,
                    "the bucket cannot be asked for",
                    String.valueOf(e.getMessage()),
                    "name the one that 'twonode run' was given with --bucket");
        }
    }

    /// Ready to ask the nodes.
    PairReader reader() {
        return new PairReader(environment.agents(), settings(), bucket());
    }
}
