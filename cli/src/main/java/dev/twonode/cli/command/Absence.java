package dev.twonode.cli.command;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Sighting;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import java.util.List;

/// A request without an answer as a failure of the command.
final class Absence {

    private Absence() {}

    /// The first node that answered; several servers may have been named.
    static Seen firstSeen(Pair pair) {
        List<Seen> seen = pair.seen();
        if (seen.isEmpty()) {
            throw failure((Unseen) pair.asked());
        }
        return seen.getFirst();
    }

    static Failure failure(Sighting.Unseen unseen) {
        return failure("no answer from the agent at " + unseen.address(), unseen.failure());
    }

    /// @param what what could not be done, with the address
    static Failure failure(String what, Reply.Failed failed) {
        return switch (failed) {
            case Reply.NotConnected(String why, String next) ->
                    new Failure(ExitCode.UNREACHABLE, what, why, next);
            case Reply.NoResponders(String why) ->
                    new Failure(
                            ExitCode.UNREACHABLE,
                            what,
                            "a NATS server answers there (" + why + ") but no twonode agent",
                            "start its agent as it was started before (its service, or the same"
                                    + " command); agents of another bucket: --bucket NAME");
            case Reply.Unusable(String why, String next) ->
                    new Failure(ExitCode.UNREACHABLE, what, why, next);
            case Reply.Unanswered(String why) ->
                    new Failure(
                            ExitCode.UNREACHABLE,
                            what,
                            why,
                            "look at the agent's log there, or allow more time: --timeout 30s");
            case Reply.AuthFailed(String why) ->
                    new Failure(
                            ExitCode.NOT_AUTHORISED,
                            what,
                            why,
                            "give --creds, --nkey, --user with --password-file, or --context");
            case Reply.Forbidden(String why, String next) ->
                    new Failure(ExitCode.NOT_AUTHORISED, what, why, next);
            case Reply.OwnFiles(String why) ->
                    new Failure(
                            ExitCode.CONFIGURATION, what, why, "correct the file that is named");
            case Reply.Garbled(String why) ->
                    new Failure(
                            ExitCode.UNREACHABLE,
                            what,
                            why,
                            "check which program serves 'state' on that server");
        };
    }
}
