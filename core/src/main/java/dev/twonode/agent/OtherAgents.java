package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/// Finds a second agent of one server, as is started with another state folder: both would fence
/// each other's stream for ever. Each agent tells the others of its server that it is there
/// whenever it connects. Whoever was there before says so in turn, and the newcomer is refused.
final class OtherAgents {

    private static final Log LOG = Log.of(OtherAgents.class);

    /// Who has been there for longer than this is not sent away by anybody's word.
    private static final long NEW_NANOS = Duration.ofSeconds(5).toNanos();

    private final Messaging own;
    private final String subject;
    private final Present me;
    private final Consumer<String> misconfigured;
    private final RateLimit met = RateLimit.untilCleared();
    private volatile long connectedAt = System.nanoTime() - NEW_NANOS;

    /// What an agent says of itself.
    ///
    /// @param node its name
    /// @param process its process, unlike any other
    /// @param startedAt when that was started, milliseconds since 1970
    record Present(String node, String process, long startedAt) {

        Present {
            Objects.requireNonNull(node);
            Objects.requireNonNull(process);
        }

        boolean isBefore(Present other) {
            return startedAt != other.startedAt
                    ? startedAt < other.startedAt
                    : process.compareTo(other.process) < 0;
        }
    }

    /// @param own the connection to the own server
    /// @param misconfigured told why this agent must not go on
    OtherAgents(Messaging own, Subjects subjects, Present me, Consumer<String> misconfigured) {
        this.own = own;
        this.subject = subjects.of(Subjects.PRESENT);
        this.me = me;
        this.misconfigured = misconfigured;
        own.subscribe(subject, this::heard);
    }

    /// The connection to the own server stands anew.
    void look() {
        connectedAt = System.nanoTime();
        tell();
    }

    private void tell() {
        own.publish(subject, Wire.bytes(me));
    }

    private void heard(Incoming message) {
        Wire.read(message.body(), Present.class)
                .filter(other -> !other.process().equals(me.process()))
                .ifPresent(this::met);
    }

    private void met(Present other) {
        if (me.isBefore(other)) {
            LOG.warnOnce(
                    met,
                    "agent "
                            + other.node()
                            + " was started for this node's server too; it is told to end");
            tell();
        } else if (System.nanoTime() - connectedAt < NEW_NANOS) {
            misconfigured.accept(
                    "agent "
                            + other.node()
                            + " serves this node's server already. Only one may: end that one"
                            + " first, or let --server name the server of this node");
        }
    }
}
