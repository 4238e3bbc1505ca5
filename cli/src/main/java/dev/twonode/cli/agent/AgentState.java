package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.output.Texts;
import dev.twonode.messaging.Denial;
import java.util.ArrayList;
import java.util.List;

/// What one agent says of itself and its peer: its `state` answer. Fields that an agent leaves out
/// read as empty, zero or false.
///
/// @param json the answer as it came
public record AgentState(ObjectNode json) {

    /// The node's name.
    public String node() {
        return text("node");
    }

    public String role() {
        return text("role");
    }

    public boolean isLeader() {
        return json.path("isLeader").asBoolean();
    }

    public String health() {
        return text("health");
    }

    public boolean isHealthy() {
        return health().equals("ok");
    }

    public long term() {
        return number("term");
    }

    public long firstSeq() {
        return number("firstSeq");
    }

    public long latestSeq() {
        return number("latestSeq");
    }

    /// Whether it leads without its peer.
    public boolean alone() {
        return json.path("alone").asBoolean();
    }

    /// Whether it leads, but its clients are shown nothing until its follower is back.
    public boolean showsNothing() {
        return isLeader() && health().equals("shows-nothing");
    }

    /// Whether both nodes hold the same.
    public boolean inSync() {
        return json.path("inSync").asBoolean();
    }

    /// Whether an operator keeps it from taking over by itself.
    public boolean paused() {
        return json.path("paused").asBoolean();
    }

    /// Why it is in its role.
    public String reason() {
        return text("reason");
    }

    /// What the agent itself thinks should be done, empty when nothing.
    public String next() {
        return text("next");
    }

    /// The same where [#denied] is told as well: what its login lacks is said there, and is the
    /// remedy where nothing else is.
    public String remedy() {
        String rest = next();
        for (Denial denial : denied()) {
            rest = rest.replace(denial.problem() + ".", "").replace(denial.instruction(), "");
        }
        rest = rest.strip();
        return rest.isEmpty() ? denied().stream().findFirst().map(Denial::remedy).orElse("") : rest;
    }

    public String bucket() {
        return text("bucket");
    }

    /// Id of the pair, empty before its first start is over.
    public String pair() {
        return text("pair");
    }

    public String version() {
        return text("version");
    }

    /// The revisions that were given up last, until nothing is left to do about them.
    public Lost lost() {
        JsonNode lost = json.path("lost");
        return new Lost(
                lost.path("term").asLong(),
                Texts.printable(lost.path("message").asText()),
                lost.path("restarted").asText().equals("by-hook"));
    }

    /// Revisions that clients may have seen and that are gone.
    ///
    /// @param term the term that began so
    /// @param message in words, empty when there are none
    /// @param restarted whether kine and the API server of this node were restarted for it
    public record Lost(long term, String message, boolean restarted) {}

    /// What it does before it can say whether anything is lost, empty when it leads or is in sync.
    /// A node learns from its leader what was given up, and not before it has copied it.
    public String catchesUp() {
        if (isLeader() || inSync()) {
            return "";
        }
        if (!role().equals("follower")) {
            return role();
        }
        return copy().isLong() ? copy().inWords() : "behind its leader";
    }

    /// What its login may not do at one of the two servers.
    public List<Denial> denied() {
        List<Denial> all = new ArrayList<>();
        for (JsonNode one : json.path("denied")) {
            Denial.Verb.of(word(one, "verb"))
                    .map(verb ->
                            new Denial(
                                    word(one, "url"),
                                    verb,
                                    word(one, "subject"),
                                    word(one, "permission")))
                    .ifPresent(all::add);
        }
        return all;
    }

    private static String word(JsonNode object, String field) {
        return Texts.printable(object.path(field).asText(""));
    }

    /// Number of exports of orphans on this node.
    public long orphans() {
        return number("orphans");
    }

    /// What it knows of the other node.
    public Peer peer() {
        JsonNode peer = json.path("peer");
        String heard = word(peer, "node");
        String led = otherLeader();
        // The first leader of a pair has the sole right until it meets its peer.
        boolean gaveTheRightUp = role().equals("waiting") && !json.path("history").isEmpty();
        boolean met = !heard.isEmpty() || !led.isEmpty() || gaveTheRightUp;
        return new Peer(peer, heard.isEmpty() ? led : heard, met);
    }

    /// The other node, where it led once.
    private String otherLeader() {
        String other = "";
        for (JsonNode term : json.path("history")) {
            String leader = word(term, "leader");
            other = leader.equals(node()) ? other : leader;
        }
        return other;
    }

    /// How far its copying is.
    public Copy copy() {
        return new Copy(json.path("copy"));
    }

    /// Id and version of its NATS server.
    public JsonNode server() {
        return json.path("server");
    }

    private String text(String field) {
        return Texts.printable(json.path(field).asText(""));
    }

    private long number(String field) {
        return json.path(field).asLong();
    }

    /// One node as the other sees it.
    ///
    /// @param json the `peer` object
    /// @param node its name; when it was not heard, as the history tells it, empty if that does not
    /// @param isMet whether it is known to have been met, if only by an agent that ended
    public record Peer(JsonNode json, String node, boolean isMet) {

        public String url() {
            return Texts.printable(json.path("url").asText(""));
        }

        public boolean isHeard() {
            return json.path("contact").asText("").equals("ok");
        }

        public boolean isSilent() {
            return json.path("contact").asText("").equals("silent");
        }

        /// Why its server is not reached from this node, empty when it is.
        public String failure() {
            return json.path("failure").isTextual()
                    ? Texts.printable(json.path("failure").asText())
                    : "";
        }

        /// Where its own agent reaches its server, empty when it did not say.
        public String serverUrl() {
            return json.path("serverUrl").isTextual()
                    ? Texts.printable(json.path("serverUrl").asText())
                    : "";
        }

        /// Whether its server works somewhere else than this node looks for it. Only the agent
        /// knows whether the peer was heard after its server was found missing, or died with it.
        public boolean isElsewhere() {
            return json.path("elsewhere").asBoolean();
        }

        /// Whether it said itself that its server is gone, so that its agent is not.
        public boolean outlivesItsServer() {
            return isHeard() && health().equals("store-down");
        }

        /// Whether this agent hears it, and uses its server.
        public boolean isReached() {
            return isHeard() && failure().isEmpty() && !outlivesItsServer();
        }

        /// Whether this agent, which may have just started, has not heard it.
        public boolean isNeverHeard() {
            return json.path("contact").asText("").equals("never");
        }

        /// Time since it was last heard, negative when it never was.
        public long lastContactMs() {
            return json.path("lastContactMs").asLong(-1);
        }

        public String health() {
            return Texts.printable(json.path("health").asText(""));
        }

        public String role() {
            return Texts.printable(json.path("role").asText(""));
        }

        public long term() {
            return json.path("term").asLong();
        }

        public long firstSeq() {
            return json.path("firstSeq").asLong();
        }

        public long lastSeq() {
            return json.path("lastSeq").asLong();
        }

        public long lag() {
            return json.path("lag").asLong();
        }

        public boolean inSync() {
            return json.path("inSync").asBoolean();
        }

        /// Its wall clock less this node's.
        public long skewMs() {
            return json.path("skewMs").asLong();
        }
    }

    /// Progress of copying.
    ///
    /// @param json the `copy` object
    public record Copy(JsonNode json) {

        public String phase() {
            return Texts.printable(json.path("phase").asText("idle"));
        }

        /// Whether a copy with an end is under way: tailing goes on for ever.
        public boolean isLong() {
            return switch (phase()) {
                case "comparing", "exporting", "resyncing" -> true;
                default -> done() < total();
            };
        }

        /// A count of this copy as text, with what is counted.
        public String amount(long count) {
            return countsBytes() ? Texts.bytes(count) : Texts.messages(count);
        }

        /// What it does and how far it is, as text.
        public String inWords() {
            return phase() + (total() > 0 ? ", " + doneOfTotal() : "");
        }

        /// How far it is, as text: done and the whole.
        public String doneOfTotal() {
            String done = countsBytes() ? Texts.bytes(done()) : Texts.count(done());
            return done + " of " + amount(total());
        }

        private boolean countsBytes() {
            return json.path("unit").asText("").equals("bytes");
        }

        public long done() {
            return json.path("done").asLong();
        }

        public long total() {
            return json.path("total").asLong();
        }

        public long perSecond() {
            return json.path("perSecond").asLong();
        }

        public long remainingMs() {
            return json.path("remainingMs").asLong();
        }

        /// Done in hundredths, 0 while the whole is unknown.
        public long percent() {
            return total() <= 0 ? 0 : Math.clamp(100 * done() / total(), 0, 100);
        }
    }
}
