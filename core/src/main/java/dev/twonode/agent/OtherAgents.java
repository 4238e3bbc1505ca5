package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.node.Clock;
import dev.twonode.protocol.Report;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds a second agent of one server, as is started with another state folder: both would fence
/// each other's stream for ever. An agent that comes asks who serves the server, and does nothing
/// there if anybody does.
///
/// Two that come at the same moment hear nothing of each other by that, nor do agents of earlier
/// versions answer. So each also tells the others of its server that it is there whenever it
/// connects. Whoever was there before says so in turn, and the newcomer is refused. Who was there
/// before each of them knows by its own clock, which nobody sets.
final class OtherAgents {

    private static final Log LOG = Log.of(OtherAgents.class);

    /// An agent that serves the server answers at once, unless it is stopped.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /// Who has been there for longer than this is not sent away by anybody's word.
    private static final long NEW_MILLIS = 5_000;

    /// Who has been there for longer than this was there before whoever connects now.
    private static final long TOGETHER_MILLIS = 1_000;

    private final Messaging own;
    private final String subject;
    private final String question;
    private final Report.Sender self;
    private final Clock clock;
    private final Consumer<String> misconfigured;
    private final RateLimit met = RateLimit.untilCleared();
    private volatile @Nullable Long firstThere;

    /// What an agent says of itself.
    ///
    /// @param node its name
    /// @param process its process, unlike any other
    /// @param before whether it was there before the one that it answers
    record Present(String node, String process, boolean before) {

        Present {
            Objects.requireNonNull(node);
            Objects.requireNonNull(process);
        }
    }

    /// What an agent that comes says, and what it is answered.
    ///
    /// @param server the server that it serves: of two that are joined it may be the other one
    record Serving(String node, String server) {

        Serving {
            Objects.requireNonNull(node);
            Objects.requireNonNull(server);
        }
    }

    /// @param own the connection to the own server
    /// @param self this agent
    /// @param misconfigured told why this agent must not go on
    OtherAgents(
            Messaging own,
            Subjects subjects,
            Report.Sender self,
            Clock clock,
            Consumer<String> misconfigured) {
        this.own = own;
        this.subject = subjects.of(Subjects.PRESENT);
        this.question = subjects.of(Subjects.SERVING);
        this.self = self;
        this.clock = clock;
        this.misconfigured = misconfigured;
        own.subscribe(subject, this::heard);
    }

    /// The connection to the own server stands anew. Blocks for a moment the first time.
    synchronized void look() {
        boolean first = firstThere == null;
        if (first && isServed()) {
            return;
        }
        if (!first) {
            tell(false);
            return;
        }
        // Whoever hears of it may answer at once.
        firstThere = clock.millis();
        if (tell(false)) {
            own.subscribe(question, this::answer);
        } else {
            firstThere = null;
        }
    }

    private boolean isServed() {
        Reply reply = own.request(question, Wire.bytes(here()), PATIENCE);
        Optional<Serving> other =
                reply instanceof Reply.Answer(byte[] body) ? ofThisServer(body) : Optional.empty();
        other.ifPresent(it -> giveWay(it.node()));
        return other.isPresent();
    }

    private void answer(Incoming question) {
        ofThisServer(question.body()).ifPresent(it -> toldToEnd(it.node()));
        question.respond(Wire.bytes(here()));
    }

    private Optional<Serving> ofThisServer(byte[] body) {
        return Wire.read(body, Serving.class).filter(it -> it.server().equals(serverId()));
    }

    private Serving here() {
        return new Serving(self.node().value(), serverId());
    }

    private void toldToEnd(String node) {
        LOG.warnOnce(
                met,
                "agent " + node + " was started for this node's server too; it is told to end");
    }

    private String serverId() {
        return own.server().map(ServerIdentity::id).orElse("");
    }

    private boolean tell(boolean before) {
        return own.publish(
                subject, Wire.bytes(new Present(self.node().value(), self.process(), before)));
    }

    private void heard(Incoming message) {
        Wire.read(message.body(), Present.class)
                .filter(other -> !other.process().equals(self.process()))
                .ifPresent(this::met);
    }

    /// Of two that come at the same moment it does not matter who stays, but both must mean the
    /// same. One that still asks who is there sends nobody away: the other one answers it, or hears
    /// it next.
    private void met(Present other) {
        if (other.before()) {
            giveWay(other.node());
        } else if (firstThere == null) {
            LOG.debug("agent " + other.node() + " comes to this node's server too");
        } else if (hasBeenThere(TOGETHER_MILLIS) || self.process().compareTo(other.process()) < 0) {
            toldToEnd(other.node());
            tell(true);
        } else {
            giveWay(other.node());
        }
    }

    private boolean hasBeenThere(long millis) {
        Long since = firstThere;
        return since != null && clock.millis() - since >= millis;
    }

    private void giveWay(String node) {
        if (!hasBeenThere(NEW_MILLIS)) {
            misconfigured.accept(
                    "agent "
                            + node
                            + " serves this node's server already. Only one may: end that one"
                            + " first, or let --server name the server of this node");
        }
    }
}
