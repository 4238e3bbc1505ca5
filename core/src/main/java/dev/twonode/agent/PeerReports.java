package dev.twonode.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.config.Timing;
import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What arrives from the peer, by heartbeat or as an answer: becomes an event, or shows that the
/// two agents cannot be a pair.
final class PeerReports {

    private static final Log LOG = Log.of(PeerReports.class);

    private static final long SKEWED_MS = 2_000;
    private static final long A_MOMENT_MS = 200;
    private static final long UNHEARD = Long.MIN_VALUE;

    private final RateLimit skews = new RateLimit(Duration.ofMinutes(10));
    private final NodeName node;
    private final String process;
    private final Inbox inbox;
    private final Clock clock;
    private final Consumer<Heard> told;
    private final Consumer<String> misconfigured;
    private final Runnable doubt;
    private final RateLimit strangers = RateLimit.untilCleared();
    private volatile @Nullable Heard newest;
    private long skewedSince = UNHEARD;
    private long ownAt = UNHEARD;

    /// What was heard last.
    ///
    /// @param report the report
    /// @param health the peer's own word, empty when it said none
    /// @param at monotonic time of arrival
    /// @param skewMs the peer's clock less the own one, in milliseconds
    /// @param server where the peer's own agent reaches its server, empty when it does not say
    record Heard(Report report, String health, long at, long skewMs, String server) {}

    /// @param told what is heard of the peer
    /// @param misconfigured told why the two cannot be a pair
    /// @param doubt run when a pair that works hears something that only one that cannot work would
    PeerReports(
            NodeName node,
            String process,
            Inbox inbox,
            Clock clock,
            Consumer<Heard> told,
            Consumer<String> misconfigured,
            Runnable doubt) {
        this.node = node;
        this.process = process;
        this.inbox = inbox;
        this.clock = clock;
        this.told = told;
        this.misconfigured = misconfigured;
        this.doubt = doubt;
    }

    Optional<Heard> newest() {
        return Optional.ofNullable(newest);
    }

    /// Takes a heartbeat.
    void heard(JsonNode message) {
        heard(message, Event.PeerHeard.UNASKED);
    }

    /// Takes a heartbeat or a `state` answer.
    ///
    /// @param askedAt when it was asked for
    void heard(JsonNode message, long askedAt) {
        Wire.report(message).ifPresent(report -> heard(report, message, askedAt));
    }

    private synchronized void heard(Report report, JsonNode message, long askedAt) {
        if (report.sender().process().equals(process)) {
            if (isFirstOfOwn()) {
                doubt.run();
                return;
            }
            reject(
                    "--peer-url leads back to this agent: either it is the address of this node's"
                            + " own server, or the two servers pass messages to each other (cluster"
                            + " or leafnode). Give the other machine's server, and remove what"
                            + " joins the two");
            return;
        }
        if (report.sender().node().equals(node)) {
            reject(
                    "the peer is named '"
                            + node
                            + "' too. Give each node a name of its own with --name");
            return;
        }
        long skew = skew(message);
        Heard heard =
                new Heard(
                        report,
                        message.path("health").asText(),
                        clock.millis(),
                        skew,
                        message.path("server").path("url").asText());
        newest = heard;
        told.accept(heard);
        tellSkew(skew);
        inbox.post(new Event.PeerHeard(clock.millis(), report, askedAt));
    }

    /// Why an agent hears itself the servers can tell, and are asked at this moment anyway: their
    /// answer names them, so it is given a moment.
    private boolean isFirstOfOwn() {
        long now = clock.millis();
        if (newest == null && ownAt == UNHEARD) {
            ownAt = now;
        }
        return newest == null && now - ownAt < A_MOMENT_MS;
    }

    /// An agent that never heard a peer ends. One that did has a pair that works, and whoever sends
    /// it a strange message, or an old one again, must not end it: whether the two servers were
    /// joined meanwhile is looked at.
    private void reject(String why) {
        if (newest == null) {
            misconfigured.accept(why);
            return;
        }
        LOG.warnOnce(
                strangers,
                "a message on this agent's subjects was left out, since it is not its peer's. If"
                        + " somebody sends such by mistake, end that. If not: "
                        + why);
        doubt.run();
    }

    /// Reports that waited, as while an agent or the way to it stood still, come all at once: how
    /// late they are is no clock's fault. A clock that is wrong is so for longer.
    private void tellSkew(long skew) {
        long now = clock.millis();
        if (Math.abs(skew) <= Timing.GREATEST_SKEW.toMillis()) {
            skewedSince = UNHEARD;
            return;
        }
        if (skewedSince == UNHEARD) {
            skewedSince = now;
        }
        if (now - skewedSince >= SKEWED_MS) {
            LOG.warnRarely(
                    skews,
                    "skew",
                    "the clocks of the two machines differ by %.1f s: after a failover leases of"
                                    .formatted(Math.abs(skew) / 1000.0)
                            + " Kubernetes end early or late by as much; let both follow a time"
                            + " server");
        }
    }

    private long skew(JsonNode message) {
        String text = message.path("clock").asText(message.path("time").asText());
        try {
            return Duration.between(clock.wall(), Instant.parse(text)).toMillis();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
