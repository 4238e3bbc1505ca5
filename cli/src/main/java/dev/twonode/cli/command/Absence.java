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
        return failure("no answer from the agent at", unseen.address(), unseen.failure());
    }

    /// @param attempt what could not be done, up to the address
    /// @param address of the node that was to do it
    static Failure failure(String attempt, String address, Reply.Failed failed) {
        String what = attempt + " " + address;
        String reason = saidOnce(address, failed.why());
        return switch (failed) {
            case Reply.NotConnected(_, String next) ->
                    new Failure(ExitCode.UNREACHABLE, what, reason, next);
            case Reply.NoResponders found ->
                    new Failure(ExitCode.UNREACHABLE, what, reason, found.next());
            case Reply.Mute mute -> new Failure(ExitCode.UNREACHABLE, what, reason, mute.next());
            case Reply.Unusable(_, String next) ->
                    new Failure(ExitCode.UNREACHABLE, what, reason, next);
            case Reply.Unanswered _ ->
                    new Failure(
                            ExitCode.UNREACHABLE,
                            what,
                            reason,
                            "look at the agent's log there, or allow more time: --timeout 30s");
            case Reply.AuthFailed _ ->
                    new Failure(
                            ExitCode.NOT_AUTHORISED,
                            what,
                            reason,
                            "give --creds, --nkey, --user with --password-file, or --context");
            case Reply.Forbidden(_, String next) ->
                    new Failure(ExitCode.NOT_AUTHORISED, what, reason, next);
            case Reply.OwnFiles _ ->
                    new Failure(
                            ExitCode.CONFIGURATION, what, reason, "correct the file that is named");
            case Reply.Garbled _ ->
                    new Failure(
                            ExitCode.UNREACHABLE,
                            what,
                            reason,
                            "check which program serves 'state' on that server");
        };
    }

    /// A reason may begin with the address, which what failed names already.
    private static String saidOnce(String address, String why) {
        return why.startsWith(address + " ") ? "it" + why.substring(address.length()) : why;
    }
}
