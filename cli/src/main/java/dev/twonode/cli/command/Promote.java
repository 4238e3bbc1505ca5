package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.output.Documents;
import dev.twonode.cli.output.PromotionView;
import dev.twonode.cli.output.Stake;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode promote`.
@Command(
        name = "promote",
        header = "Makes a node lead whose peer is lost.",
        description = {
            "",
            "For the node that waits because it cannot know whether it holds everything. Where"
                    + " nothing would be lost it leads at once; else the command says what would be"
                    + " lost and needs --force --confirm=NAME, NAME being the node that is to"
                    + " lead. If the peer is up, use stepdown on it instead: that loses nothing."
                    + " --dry-run exits with 3 where it would be refused.",
            "",
            "A forced leader goes on beyond every revision that is known to be possible, and says"
                    + " so; kine and the API server of both nodes have to be restarted then, which"
                    + " --on-revisions-lost of 'twonode run' can do."
        },
        footer = {
            "  twonode promote -s b:4222 --dry-run             say what would be lost",
            "  twonode promote -s b:4222                       lead if nothing would be lost",
            "  twonode promote -s b:4222 --force --confirm=b   accept the loss"
        })
public final class Promote implements Callable<Integer>, Connects {

    /// Going beyond ten thousand revisions takes a slow disk its time.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    @Option(names = "--force", description = "lead although acknowledged writes may be lost")
    private boolean force;

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "name of the node that is to lead, with --force")
    private @Nullable String confirm;

    /// Scripts give it to every command that changes who leads. Nothing is asked here: what would
    /// be lost is accepted by the node's name and by nothing less.
    @Option(
            names = {"-y", "--yes"},
            description = "as in stepdown; accepts no loss, which needs --force --confirm=NAME")
    @SuppressWarnings("UnusedVariable")
    private boolean yes;

    @Option(
            names = {"-n", "--dry-run"},
            description = "only say what would happen")
    private boolean dryRun;

    public Promote(Environment environment) {
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        try (PairReader reader = connection.reader()) {
            Seen target = target(reader);
            AgentState state = target.state();
            checkName(target);
            if (state.isLeader()) {
                output.print(PromotionView.unchanged(state));
                return ExitCode.OK.number();
            }
            checkComplete(state);
            if (dryRun) {
                PromotionView plan = PromotionView.planned(state, force);
                output.print(plan);
                return (plan.refused() ? ExitCode.REFUSED : ExitCode.OK).number();
            }
            ObjectNode body = Documents.object();
            if (force && confirm != null) {
                body.put("force", true);
                body.put("confirm", confirm);
            }
            Reply reply = reader.ask(target.address(), "promote", body, PATIENCE);
            output.print(outcome(reply, target));
            return ExitCode.OK.number();
        }
    }

    private Seen target(PairReader reader) {
        if (connection.settings().servers().size() > 1) {
            throw new Failure(
                    ExitCode.USAGE,
                    "promote takes one server",
                    "several were named, and only one node can be made leader",
                    "name the one that is to lead: -s HOST:PORT");
        }
        return Absence.firstSeen(reader.readNamed());
    }

    /// Whoever names another node than the one that is asked means something else, whatever that
    /// one does: a forced command for either is not theirs to copy.
    private void checkName(Seen target) {
        String name = target.state().node();
        if (confirm != null && !confirm.equals(name)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "promote takes with --confirm the name of the node that is asked",
                    "the node asked is " + name + ", not " + confirm,
                    "see what would be lost if "
                            + name
                            + " led: twonode promote -s "
                            + target.address()
                            + " --dry-run; its name is --confirm="
                            + name
                            + ". For another node name its server with -s");
        }
    }

    private void checkComplete(AgentState state) {
        if (force && confirm == null) {
            throw unconfirmed(state, "--confirm is missing");
        }
        if (!force && confirm != null) {
            throw unconfirmed(state, "--force is missing");
        }
    }

    private static Failure unconfirmed(AgentState state, String why) {
        return new Failure(
                ExitCode.USAGE,
                "promote needs --force and the name of the node that is to lead",
                why,
                "--force --confirm=" + state.node());
    }

    private static PromotionView outcome(Reply reply, Seen target) {
        return switch (reply) {
            case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() ->
                    PromotionView.done(target.state(), answer);
            case Reply.Answered(ObjectNode answer)
                    when answer.path("code").asText().equals("would-lose") ->
                    throw wouldLose(answer, target);
            case Reply.Answered(ObjectNode answer) ->
                    throw Refusal.failure("promote", answer, target.address());
            case Reply.Unanswered(String why) ->
                    throw new Failure(
                            ExitCode.OUTCOME_UNKNOWN,
                            "no answer to promote from "
                                    + target.address()
                                    + "; it may still happen",
                            why,
                            "look whether it leads: twonode state -s " + target.address());
            case Reply.Failed failed ->
                    throw Absence.failure("promote did not reach", target.address(), failed);
        };
    }

    private static Failure wouldLose(ObjectNode answer, Seen target) {
        String name = target.state().node();
        return new Failure(
                ExitCode.REFUSED,
                "promote refused by " + name + ": acknowledged writes could be lost",
                Stake.of(name, answer).words(),
                "bring the other node back if you can; else accept the loss: twonode promote -s "
                        + target.address()
                        + " --force --confirm="
                        + name);
    }
}
