package dev.twonode.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.StateNames;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Term;
import dev.twonode.replication.CopyProgress;
import dev.twonode.replication.StreamFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The object that answers `state` and is published as `status`. Fields are only ever added; the
/// first three are the oldest and always come first.
final class StateJson {

    private final Identity identity;
    private final Clock clock;
    private final Duration peerTimeout;

    /// What does not change while an agent runs.
    ///
    /// @param subjects the bucket's subjects
    /// @param ownUrl the own server's address
    /// @param peerUrl the peer's server's address
    /// @param version of the agent
    /// @param commit what has to have a write before clients are told
    /// @param started when it was started
    record Identity(
            Subjects subjects,
            String ownUrl,
            String peerUrl,
            String version,
            String commit,
            Instant started) {}

    /// What changes.
    ///
    /// @param state the machine's state
    /// @param report what the peer is told
    /// @param since when the state was entered
    /// @param facts the newest reading of the own stream
    /// @param copy how far copying is
    /// @param troubles what goes wrong
    /// @param server the own server
    /// @param peer what was heard of the peer
    /// @param recent the newest transitions
    /// @param orphans number of exports
    /// @param gateway where clients reach the leader through this node
    record Now(
            State state,
            Report report,
            Instant since,
            Optional<StreamFacts> facts,
            CopyProgress copy,
            Troubles troubles,
            Optional<ServerIdentity> server,
            Optional<PeerReports.Heard> peer,
            java.util.List<EventLog.Entry> recent,
            int orphans,
            GatewayWork gateway) {}

    StateJson(Identity identity, Clock clock, Duration peerTimeout) {
        this.identity = identity;
        this.clock = clock;
        this.peerTimeout = peerTimeout;
    }

    /// Where this agent reaches its own server.
    String ownUrl() {
        return identity.ownUrl();
    }

    ObjectNode of(Now now) {
        Report report = now.report();
        long last = report.store().lastSeq();
        ObjectNode json = Wire.object();
        json.put("health", Advice.health(now.state(), now.troubles()))
                .put("isLeader", report.leads())
                .put("latestSeq", last)
                .put("node", report.sender().node().value())
                .put("role", now.state().role().word())
                .put("term", StateNames.term(now.state()))
                .put("commit", identity.commit())
                .put("commitSeq", report.store().commitSeq())
                .put("firstSeq", report.store().firstSeq())
                .put("alone", isAlone(now.state()))
                .put("inSync", isInSync(now))
                .put("paused", now.state().memory().paused())
                .put("reason", now.state().reason().words())
                .put("since", now.since().toString())
                .put("time", clock.wall().toString())
                .put("uptimeMs", Duration.between(identity.started(), clock.wall()).toMillis());
        json.put("messages", now.facts().map(StreamFacts::messages).orElse(0L))
                .put("bytes", now.facts().map(StreamFacts::bytes).orElse(0L))
                .put("deleted", now.facts().map(StreamFacts::deleted).orElse(0L));
        json.set("peer", peer(now));
        lost(now.state()).ifPresent(lost -> json.set("lost", lost));
        json.set("copy", copy(now.copy()));
        json.set("history", history(report));
        json.set("events", events(now));
        ArrayNode denied = json.putArray("denied");
        now.troubles().links().denials().forEach(it -> denied.add(denied(it)));
        json.put("next", advice(now)).put("orphans", now.orphans());
        json.set("server", server(now));
        json.set("gateway", gateway(now.gateway()));
        json.put("bucket", identity.subjects().bucket())
                .put("stream", "KV_" + identity.subjects().bucket())
                .put("pair", report.sender().pairId())
                .put("version", identity.version());
        json.set("agent", Wire.tree(report));
        return json;
    }

    /// What the newest jump gave up. What is left to do about it is done by the hook or by hand.
    private static Optional<ObjectNode> lost(State state) {
        Jump jump = state.memory().journal().jump();
        if (jump == null || !LossNotice.isNews(jump, StateNames.term(state))) {
            return Optional.empty();
        }
        String restarted =
                switch (jump.stage()) {
                    case UNDER_WAY -> "not-yet";
                    case DONE -> "under-way";
                    case RESTARTED -> "by-hook";
                    case LEFT -> "by-hand";
                };
        return Optional.of(
                Wire.object()
                        .put("term", jump.term())
                        .put("from", jump.from())
                        .put("to", jump.last())
                        .put("bounded", jump.bounded())
                        .put("next", jump.to())
                        .put("restarted", restarted)
                        .put("message", LossNotice.words(jump)));
    }

    private String advice(Now now) {
        return Advice.next(now.state(), identity.ownUrl(), identity.peerUrl(), now.troubles());
    }

    private static ObjectNode denied(Denial denial) {
        return Wire.object()
                .put("url", denial.url())
                .put("verb", denial.verb().word())
                .put("subject", denial.subject())
                .put("permission", denial.permission());
    }

    private static boolean isAlone(State state) {
        return state instanceof State.Leading leading && leading.mode() == State.Mode.ALONE;
    }

    private static boolean isInSync(Now now) {
        return switch (now.state()) {
            case State.Leading leading ->
                    leading.mode() == State.Mode.BOTH && !now.troubles().stoppedAlone();
            case State.Following following -> following.sync().granted();
            case State.HandingOver _ -> true;
            case State.Starting _,
                    State.Joining _,
                    State.Promoting _,
                    State.Waiting _,
                    State.Stopped _ ->
                    false;
        };
    }

    private ObjectNode peer(Now now) {
        ObjectNode json = Wire.object();
        Optional<PeerReports.Heard> heard = now.peer();
        if (heard.isEmpty()) {
            return json.putNull("node")
                    .put("url", identity.peerUrl())
                    .put("contact", "never")
                    .putNull("lastContactMs")
                    .put("failure", failure(now));
        }
        Report report = heard.get().report();
        long age = clock.millis() - heard.get().at();
        long lag = Math.abs(now.report().store().lastSeq() - report.store().lastSeq());
        return json.put("node", report.sender().node().value())
                .put("url", identity.peerUrl())
                .put("contact", age < peerTimeout.toMillis() ? "ok" : "silent")
                .put("lastContactMs", age)
                .put("health", heard.get().health())
                .put("role", report.role().word())
                .put("term", peerTerm(report))
                .put("firstSeq", report.store().firstSeq())
                .put("lastSeq", report.store().lastSeq())
                .put("lag", lag)
                .put("inSync", report.role() == Role.FOLLOWING && report.pact().inSync())
                .put("skewMs", heard.get().skewMs())
                .put("failure", failure(now))
                .put("serverUrl", heard.get().server().isEmpty() ? null : heard.get().server())
                .put("elsewhere", now.troubles().links().astray().isPresent());
    }

    /// Why the peer's server is not reached.
    private static @Nullable String failure(Now now) {
        Links links = now.troubles().links();
        return links.peer()
                .map(Dialed.Failed::why)
                .or(() -> links.astray().map(PeerLinkWatch.Astray::why))
                .orElse(null);
    }

    private static long peerTerm(Report report) {
        Term term = report.term();
        return term != null
                ? term.number()
                : report.standing().history().last().map(Term::number).orElse(0L);
    }

    private static ObjectNode copy(CopyProgress copy) {
        return Wire.object()
                .put("phase", copy.phase().name().toLowerCase(Locale.ROOT))
                .put("unit", copy.unit().name().toLowerCase(Locale.ROOT))
                .put("done", copy.done())
                .put("total", copy.total())
                .put("perSecond", copy.perSecond())
                .put("remainingMs", copy.remainingMs());
    }

    private static ArrayNode history(Report report) {
        ArrayNode terms = Wire.object().putArray("history");
        for (Term term : report.standing().history().terms()) {
            terms.addObject()
                    .put("number", term.number())
                    .put("leader", term.leader().value())
                    .put("startSeq", term.startSeq());
        }
        return terms;
    }

    private static ArrayNode events(Now now) {
        ArrayNode events = Wire.object().putArray("events");
        for (EventLog.Entry entry : now.recent()) {
            events.addObject()
                    .put("time", entry.time().toString())
                    .put("term", entry.term())
                    .put("from", entry.from())
                    .put("to", entry.to())
                    .put("reason", entry.reason());
        }
        return events;
    }

    private static ObjectNode gateway(GatewayWork gateway) {
        ObjectNode json = Wire.object().put("clients", gateway.clients());
        ArrayNode addresses = json.putArray("addresses");
        gateway.addresses().forEach(addresses::add);
        return json;
    }

    private ObjectNode server(Now now) {
        return Wire.object()
                .put("id", now.server().map(ServerIdentity::id).orElse(null))
                .put("version", now.server().map(ServerIdentity::version).orElse(null))
                .put("url", identity.ownUrl());
    }
}
