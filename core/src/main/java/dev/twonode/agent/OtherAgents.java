package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.node.Clock;
import dev.twonode.protocol.Report;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds a second agent of one server, as is started with another state folder: both would fence
/// each other's stream for ever. Each agent tells the others of its server that it is there
/// whenever it connects. Whoever was there before says so in turn, and the newcomer is refused. Who
/// was there before each of them knows by its own clock, which nobody sets.
final class OtherAgents {

    private static final Log LOG = Log.of(OtherAgents.class);

    /// Who has been there for longer than this is not sent away by anybody's word.
    private static final long NEW_MILLIS = 5_000;

    /// Who has been there for longer than this was there before whoever connects now.
    private static final long TOGETHER_MILLIS = 1_000;

    private final Messaging own;
    private final String subject;
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
        this.self = self;
        this.clock = clock;
        this.misconfigured = misconfigured;
        own.subscribe(subject, this::heard);
    }

    /// The connection to the own server stands anew.
    void look() {
        if (tell(false) && firstThere == null) {
            firstThere = clock.millis();
        }
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
    /// same.
    private void met(Present other) {
        if (other.before()) {
            giveWay(other);
        } else if (hasBeenThere(TOGETHER_MILLIS) || self.process().compareTo(other.process()) < 0) {
            LOG.warnOnce(
                    met,
                    "agent "
                            + other.node()
                            + " was started for this node's server too; it is told to end");
            tell(true);
        } else {
            giveWay(other);
        }
    }

    private boolean hasBeenThere(long millis) {
        Long since = firstThere;
        return since != null && clock.millis() - since >= millis;
    }

    private void giveWay(Present other) {
        if (!hasBeenThere(NEW_MILLIS)) {
            misconfigured.accept(
                    "agent "
                            + other.node()
                            + " serves this node's server already. Only one may: end that one"
                            + " first, or let --server name the server of this node");
        }
    }
}
