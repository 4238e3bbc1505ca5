package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import dev.twonode.cli.agent.Warning.Severity;
import java.util.Optional;

/// Why the agent of a node did not answer, and what to do: its server may be gone, or only the
/// agent, or only the way from here.
final class AbsenceCheck {

    /// How to start an agent whose settings nobody knows here.
    static final String START_AGENT =
            "start its agent as it was started before (its service, or the same command)";

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
                            unreachable(node, pair, next));
            case Reply.Mute mute ->
                    new Warning(
                            "server-unreachable",
                            severity,
                            name,
                            saidOnce(who, name, node, mute.why()),
                            hangs(node, pair, mute));
            case Reply.Unusable(String why, String next) ->
                    new Warning(
                            "server-unreachable",
                            severity,
                            name,
                            saidOnce(who, name, node, why),
                            next);
            case Reply.NoResponders found ->
                    new Warning(
                            "agent-not-running",
                            severity,
                            name,
                            found.words("at " + who),
                            pair.seen().isEmpty() ? found.next() : besideTheOther(found, pair));
            case Reply.Unanswered(String why) ->
                    new Warning(
                            "agent-silent",
                            severity,
                            name,
                            "the agent at " + who + " listens but does not answer: " + why,
                            unanswered(node, pair));
            case Reply.AuthFailed(String why) ->
                    new Warning(
                            "not-authorised",
                            severity,
                            name,
                            name.isEmpty() ? why : name + ": " + why,
                            "give --creds, --nkey, --user with --password-file, or --context");
            case Reply.Forbidden(String why, String next) ->
                    new Warning("permission-missing", severity, name, why, next);
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

    /// Two agents of one pair that were given different buckets hear nothing of each other. A state
    /// folder is about one bucket.
    private static String besideTheOther(Reply.NoResponders found, Pair pair) {
        return found.bucket().isEmpty()
                ? START_AGENT + unlessMet(pair)
                : "if both are to be one pair, one of them has the wrong --bucket: start that one"
                        + " again with the right one and another --state-dir, and remove the stream"
                        + " that it made (nats stream rm KV_NAME); if not, "
                        + START_AGENT
                        + unlessMet(pair);
    }

    /// One that was heard just before may hang since; if it is heard still, it is not to be killed.
    private static String unanswered(Unseen node, Pair pair) {
        boolean isHeard =
                pair.speakerFor(node).filter(it -> it.state().peer().isHeard()).isPresent();
        return isHeard
                ? "its peer heard it just before: ask again; if that stays so, its answers get"
                        + " lost: let its login publish \"_INBOX.>\" there and reload that server"
                        + " (README, \"Logins\")"
                : "look at the agent on that machine; if it hangs, kill it (kill -9) and start it"
                        + " again: its peer takes over";
    }

    /// The reason may name the address itself.
    private static String saidOnce(String who, String name, Unseen node, String why) {
        String subject = why.startsWith(node.address()) ? name : who;
        return (subject + " cannot be used: " + why).strip();
    }

    /// An agent whose server is dead goes on to talk through its peer's server.
    private static String unreachable(Unseen node, Pair pair, String next) {
        if (pair.seen().isEmpty()) {
            return next;
        }
        Optional<Seen> other =
                pair.speakerFor(node).filter(seen -> seen.state().peer().isReached());
        if (other.isPresent()) {
            return fromHere(other.get());
        }
        Optional<Seen> misled =
                pair.seen().stream().filter(seen -> seen.state().peer().isElsewhere()).findFirst();
        if (misled.isPresent()) {
            return whereItIs(misled.get());
        }
        return pair.seen().stream().anyMatch(it -> it.state().peer().outlivesItsServer())
                ? "start its NATS server; its agent runs and connects by itself" + meanwhile(pair)
                : "start its NATS server and its agent as they were started before"
                        + meanwhile(pair)
                        + unlessMet(pair);
    }

    /// An address at which an agent met its peer was the right one.
    private static String hangs(Unseen node, Pair pair, Reply.Mute mute) {
        boolean wasRight =
                pair.seen().stream().anyMatch(it -> it.state().peer().isMet() && isPeer(it, node));
        return wasRight
                ? "that server hangs: kill it (kill -9) and start it again"
                        + meanwhile(pair)
                        + "; only if its address was changed: "
                        + Reply.Mute.RIGHT_PORT
                : mute.next();
    }

    /// The address that an agent was given may lead nowhere from here. What has just died is still
    /// reached for a moment.
    private static String fromHere(Seen other) {
        return other.state().node()
                + " reaches it: ask again; if that stays so, name it as it is reached from here:"
                + " -s "
                + other.address()
                + ",HOST:PORT";
    }

    private static boolean isPeer(Seen seen, Unseen node) {
        return seen.state().peer().url().equals(node.address());
    }

    private static String meanwhile(Pair pair) {
        return pair.leader()
                .filter(leader -> !leader.state().showsNothing())
                .map(leader -> "; " + leader.state().node() + " serves meanwhile")
                .orElse("");
    }

    /// The peer of such an agent is heard, and so is that its server works.
    static String whereItIs(Seen misled) {
        AgentState.Peer peer = misled.state().peer();
        return "correct --peer-url of "
                + misled.state().node()
                + " and start its agent again, or open the way to it: the NATS server of "
                + peer.node()
                + " runs"
                + (peer.serverUrl().isEmpty()
                        ? ""
                        : ", at " + peer.serverUrl() + " as seen from its machine");
    }

    /// An agent that is not known to have met its peer may wait for one that looks elsewhere, or
    /// look elsewhere itself.
    private static String unlessMet(Pair pair) {
        return pair.seen().stream()
                .filter(seen -> !seen.state().peer().isMet())
                .findFirst()
                .map(seen -> seen.state().node())
                .map(name ->
                        "; --peer-url there has to name "
                                + name
                                + "'s server, and that of "
                                + name
                                + " the server there")
                .orElse("");
    }

    /// An agent that does not answer is known by name only if its peer names it.
    private static String nameOf(Unseen node, Pair pair) {
        return pair.speakerFor(node).map(seen -> seen.state().peer().node()).orElse("");
    }
}
