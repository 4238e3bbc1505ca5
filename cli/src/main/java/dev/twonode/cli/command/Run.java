package dev.twonode.cli.command;

import static dev.twonode.logging.Field.field;

import dev.twonode.agent.Agent;
import dev.twonode.agent.GatewayCheck;
import dev.twonode.agent.GatewayException;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.config.Config;
import dev.twonode.config.ConfigException;
import dev.twonode.config.ConfigLoader;
import dev.twonode.config.LoadedConfig;
import dev.twonode.config.Setting;
import dev.twonode.logging.Log;
import dev.twonode.logging.LogSetup;
import dev.twonode.node.JournalFile;
import dev.twonode.node.StateFolder;
import dev.twonode.node.StateFolderException;
import dev.twonode.service.StopSignals;
import dev.twonode.service.SystemdNotifier;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode run`: the agent itself.
@Command(
        name = "run",
        header = "Runs the agent of one node, beside its NATS server.",
        description = {
            "",
            "Goes on until it is told to stop: SIGTERM, SIGINT. A leader then hands over to its"
                    + " peer first, within --shutdown-timeout; a second signal ends it at once."
                    + " Every option can also stand in a file (--config) or in the variable"
                    + " TWONODE_OPTION_NAME."
        },
        footer = {
            "  twonode run --peer-url nats://b.example:4222 --leader   first of a new pair",
            "  twonode run --peer-url nats://a.example:4222            the other",
            "  twonode run --config /etc/twonode/config.yaml --check-config",
            "  twonode run --peer-url nats://b:4222 --print-config > config.yaml"
        })
public final class Run implements Callable<Integer>, Connects {

    private static final Log LOG = Log.of(Run.class);

    private static final Set<Setting> PAIR =
            EnumSet.of(
                    Setting.PEER_URL,
                    Setting.LEADER,
                    Setting.NAME,
                    Setting.BUCKET,
                    Setting.SUBJECT_PREFIX,
                    Setting.STATE_DIR,
                    Setting.START_ALONE,
                    Setting.ON_DIVERGENCE,
                    Setting.GATEWAY,
                    Setting.GATEWAY_TLSCERT,
                    Setting.GATEWAY_TLSKEY,
                    Setting.COMMIT,
                    Setting.MAX_LOSS,
                    Setting.WHEN_ALONE,
                    Setting.ON_REVISIONS_LOST,
                    Setting.CONFIG,
                    Setting.LOG_FORMAT,
                    Setting.LOG_LEVEL);
    private static final Set<Setting> TIMES =
            EnumSet.of(
                    Setting.HEARTBEAT,
                    Setting.PEER_TIMEOUT,
                    Setting.DIAL_TIMEOUT,
                    Setting.PEER_RETRIES,
                    Setting.RETRY_INTERVAL,
                    Setting.SHUTDOWN_TIMEOUT,
                    Setting.HOLD_TIMEOUT);

    /// Closing connections and files after the agent itself has ended.
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Environment environment;
    private final Options options = new Options();

    @Option(names = "--check-config", description = "only check the settings")
    private boolean checkConfig;

    @Option(
            names = "--print-config",
            description = "only print the settings as a file, each with where it comes from")
    private boolean printConfig;

    public Run(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        EnumSet<Setting> connections = EnumSet.complementOf(EnumSet.copyOf(PAIR));
        connections.removeAll(TIMES);
        spec.addArgGroup(options.group("Node and pair", 10, List.copyOf(PAIR)));
        spec.addArgGroup(options.group("Times", 20, List.copyOf(TIMES)));
        spec.addArgGroup(options.group("Connections", 30, List.copyOf(connections)));
    }

    @Override
    public Integer call() {
        LoadedConfig loaded = load();
        if (printConfig) {
            environment.streams().out().print(loaded.toYaml());
            return ExitCode.OK.number();
        }
        if (checkConfig) {
            loaded.warnings().forEach(environment.streams().err()::println);
            checkFolder(loaded.config());
            checkGateway(loaded.config());
            environment.streams().out().println("the settings can be used");
            return ExitCode.OK.number();
        }
        Config config = loaded.config();
        LogSetup.configure(
                config.logFormat(), config.logLevel(), List.of(field("node", config.name())));
        loaded.warnings().forEach(LOG::warn);
        return serve(config);
    }

    private LoadedConfig load() {
        try {
            return ConfigLoader.load(options.given(), environment.surroundings());
        } catch (ConfigException e) {
            throw new Failure(
                    options.given().containsKey(Setting.CONFIG)
                            ? ExitCode.CONFIGURATION
                            : ExitCode.USAGE,
                    "the agent cannot run with these settings",
                    String.join("\n       ", e.problems()),
                    "correct them; 'twonode run --help' lists every setting");
        }
    }

    private static void checkFolder(Config config) {
        try {
            StateFolder.check(config.stateDir());
            JournalFile.check(config.stateDir(), config.name(), config.pair().bucket());
        } catch (StateFolderException e) {
            throw unusable(e);
        }
    }

    private void checkGateway(Config config) {
        try {
            GatewayCheck.taken(config)
                    .ifPresent(why ->
                            environment
                                    .streams()
                                    .err()
                                    .println(
                                            "note: "
                                                    + why
                                                    + ", unless that is this node's agent, which"
                                                    + " runs"));
        } catch (GatewayException e) {
            throw unusable(e);
        }
    }

    private int serve(Config config) {
        LOG.info(
                "twonode " + Version.number() + " starts",
                field("server", config.server().server()),
                field("peer", config.peer().server()),
                field("state_dir", config.stateDir()));
        Thread.setDefaultUncaughtExceptionHandler(Run::endByDefect);
        CountDownLatch closed = new CountDownLatch(1);
        SystemdNotifier systemd = SystemdNotifier.of(environment.variables());
        try (Agent agent = Agent.start(config, Version.number(), systemd)) {
            stopOnSignals(agent, config.timing().shutdownTimeout(), systemd, closed);
            return switch (agent.awaitEnd()) {
                case Agent.End.Stopped _ -> ExitCode.OK.number();
                case Agent.End.Misconfigured(String why) ->
                        throw new Failure(
                                ExitCode.CONFIGURATION,
                                "the agent cannot go on as it is configured",
                                why,
                                "correct it and start the agent again");
                case Agent.End.NotAuthorised(String why) ->
                        throw new Failure(
                                ExitCode.NOT_AUTHORISED,
                                "this node's NATS server does not let the agent in",
                                why,
                                "give credentials by --user and --password-file, --creds or"
                                        + " --nkey");
            };
        } catch (StateFolderException e) {
            throw unusable(e);
        } catch (GatewayException e) {
            throw unusable(e);
        } catch (ExecutionException e) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "the agent ended by a defect of its own",
                    String.valueOf(e.getCause()),
                    "start it again, and report the log's last lines",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        } finally {
            closed.countDown();
        }
    }

    /// A part of an agent is worse than none: a leader whose gateway is dead would go on to lead.
    /// Nothing is tidied up, since what failed may be what that needs; the journal is written for
    /// this, the peer takes over, and a supervisor starts the agent again.
    private static void endByDefect(Thread thread, Throwable defect) {
        try {
            LOG.error(
                    "a defect ends the agent: its thread '"
                            + thread.getName()
                            + "' failed. Start it again; if twonode was replaced while it ran, that"
                            + " was the cause",
                    defect);
        } finally {
            Runtime.getRuntime().halt(ExitCode.FAILURE.number());
        }
    }

    private static void stopOnSignals(
            Agent agent, Duration bound, SystemdNotifier systemd, CountDownLatch closed) {
        StopSignals.install(
                signal -> {
                    systemd.stopping("stopping on SIG" + signal);
                    agent.stop();
                    if (agent.awaitEnd(bound)) {
                        // The main thread closes what the agent used; leaving earlier would cut
                        // that short.
                        closed.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
                    } else {
                        LOG.warn("no handover within --shutdown-timeout; ending without it");
                    }
                    return ExitCode.OK.number();
                },
                bound.plus(CLOSING).plus(CLOSING));
    }

    private static Failure unusable(GatewayException e) {
        return new Failure(
                ExitCode.CONFIGURATION,
                "the agent cannot start",
                String.valueOf(e.getMessage()),
                "correct it and start the agent again; two agents on one machine need a --gateway"
                        + " and a --state-dir each",
                e);
    }

    private static Failure unusable(StateFolderException e) {
        ExitCode code =
                switch (e.kind()) {
                    case IN_USE -> ExitCode.REFUSED;
                    case UNUSABLE, DAMAGED, NEWER, FOREIGN -> ExitCode.CONFIGURATION;
                };
        return new Failure(code, "the agent cannot start", e.why(), lowerFirst(e.remedy()), e);
    }

    private static String lowerFirst(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
