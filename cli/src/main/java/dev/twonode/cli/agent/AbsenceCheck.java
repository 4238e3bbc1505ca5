package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import dev.twonode.cli.agent.Warning.Severity;
import java.util.Optional;

/// Why the agent of a node did not answer, and what to do: its server may be gone, or only the
/// agent, or only the way from here.
final class AbsenceCheck {

    private AbsenceCheck() {}

    static Warning of(Unseen node, Pair pair) {
        Severity severity = pair.leader().isPresent() ? Severity.DEGRADED : Severity.CRITICAL;
        String name = nameOf(node, pair);
        String who = name.isEmpty() ? node.address() : name + " (" + node.address() + ")";
        return switch (node.failure()) {
            case Reply.NotConnected(String why, String next) ->
                    new Warning(
                            "server-unreachable",
                            severity,
                            name,
                            who + " cannot be reached: " + why,
                            unreachable(pair, next));
            case Reply.NoResponders(String why) ->
                    new Warning(
                            "agent-not-running",
                            severity,
                            name,
                            "a NATS server answers at "
                                    + who
                                    + " ("
                                    + why
                                    + ") but no twonode agent",
                            "start the agent on that machine: twonode run -s "
                                    + node.address()
                                    + " --peer-url ... (or name its bucket with --bucket)");
            case Reply.Unanswered(String why) ->
                    new Warning(
                            "agent-silent",
                            severity,
                            name,
                            "the agent at " + who + " listens but does not answer: " + why,
                            "look at the agent's log on that machine; restarting it is safe:"
                                    + " its peer takes over");
            case Reply.AuthFailed(String why) ->
                    new Warning(
                            "not-authorised",
                            severity,
                            name,
                            who + " refused the credentials: " + why,
                            "give --creds, --nkey, --user with --password-file, or --context");
            case Reply.OwnFiles(String why) ->
                    new Warning(
                            "own-files",
                            severity,
                            name,
                            "cannot connect to " + who + ": " + why,
                            "correct the file that is named");
            case Reply.Garbled(String why) ->
                    new Warning(
                            "garbled",
                            severity,
                            name,
                            "what answers at " + who + " is no twonode agent: " + why,
                            "check which program serves the subject 'state' on that server");
        };
    }

    private static String unreachable(Pair pair, String next) {
        Optional<Seen> leader = pair.leader();
        if (leader.isPresent()) {
            return "start its NATS server and agent again; "
                    + leader.get().state().node()
                    + " serves meanwhile, and it catches up by itself";
        }
        return pair.seen().isEmpty() ? next : "start its NATS server and agent again, or see below";
    }

    /// An agent that does not answer is known by name only if its peer names it.
    private static String nameOf(Unseen node, Pair pair) {
        return pair.seen().stream()
                .filter(seen -> pair.sightings().size() == 2 || isPeer(seen, node))
                .map(seen -> seen.state().peer().node())
                .findFirst()
                .orElse("");
    }

    private static boolean isPeer(Seen seen, Unseen node) {
        return seen.state().peer().url().equals(node.address());
    }
}
