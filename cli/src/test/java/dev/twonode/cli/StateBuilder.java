package dev.twonode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.output.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Answers of agents to `state`, from a healthy pair on, with what a test changes.
public final class StateBuilder {

    private final ObjectNode state;

    private StateBuilder(ObjectNode state) {
        this.state = state;
    }

    /// `a` leads in term 7, `b` is in sync.
    public static StateBuilder leaderA() {
        return of(
                """
                {"health":"ok","isLeader":true,"latestSeq":2823,"node":"a","role":"leader",
                 "term":7,"commit":"leader","commitSeq":2823,"firstSeq":1,"alone":false,
                 "inSync":true,"paused":false,"reason":"took over: peer silent",
                 "since":"2026-11-23T07:00:00.123Z","time":"2026-11-23T07:00:10Z",
                 "uptimeMs":65000,"messages":2800,"bytes":123456,"deleted":23,
                 "peer":{"node":"b","url":"nats://b.example:4222","contact":"ok",
                  "lastContactMs":120,"health":"ok","role":"follower","term":7,"firstSeq":1,
                  "lastSeq":2823,"lag":0,"inSync":true,"skewMs":3,"failure":null,
                  "serverUrl":"nats://127.0.0.1:4223","elsewhere":false},
                 "copy":{"phase":"idle","done":0,"total":0,"perSecond":0,"remainingMs":0},
                 "history":[{"number":6,"leader":"b","startSeq":1},
                  {"number":7,"leader":"a","startSeq":2001}],
                 "events":[{"time":"2026-11-23T07:00:00.123Z","term":7,"from":"Following",
                  "to":"Leading(BOTH)","reason":"took over: peer silent"}],
                 "denied":[],"next":"","orphans":0,
                 "server":{"id":"NDA","version":"2.15.2","url":"nats://127.0.0.1:4222"},
                 "gateway":{"clients":2,"addresses":["127.0.0.1:4240"]},
                 "bucket":"kine","stream":"KV_kine","pair":"p1","version":"0.1.0"}
                """);
    }

    /// `b` follows `a` in term 7, in sync.
    public static StateBuilder followerB() {
        return of(
                """
                {"health":"ok","isLeader":false,"latestSeq":2823,"node":"b","role":"follower",
                 "term":7,"commit":"leader","commitSeq":2823,"firstSeq":1,"alone":false,
                 "inSync":true,"paused":false,"reason":"follows a",
                 "since":"2026-11-23T07:00:00.456Z","time":"2026-11-23T07:00:10Z","uptimeMs":64000,
                 "messages":2800,"bytes":123456,"deleted":23,
                 "peer":{"node":"a","url":"nats://a.example:4222","contact":"ok",
                  "lastContactMs":80,"health":"ok","role":"leader","term":7,"firstSeq":1,
                  "lastSeq":2823,"lag":0,"inSync":true,"skewMs":-3,"failure":null,
                  "serverUrl":"nats://127.0.0.1:4222","elsewhere":false},
                 "copy":{"phase":"tailing","done":2823,"total":2823,"perSecond":0,
                  "remainingMs":0},
                 "history":[{"number":6,"leader":"b","startSeq":1},
                  {"number":7,"leader":"a","startSeq":2001}],
                 "events":[],"denied":[],"next":"","orphans":0,
                 "server":{"id":"NDB","version":"2.15.2","url":"nats://127.0.0.1:4223"},
                 "bucket":"kine","stream":"KV_kine","pair":"p1","version":"0.1.0"}
                """);
    }

    public StateBuilder with(String field, String value) {
        state.put(field, value);
        return this;
    }

    public StateBuilder with(String field, long value) {
        state.put(field, value);
        return this;
    }

    public StateBuilder with(String field, boolean value) {
        state.put(field, value);
        return this;
    }

    /// Replaces fields of a nested object, given as JSON.
    public StateBuilder nested(String field, String json) {
        ((ObjectNode) state.get(field)).setAll(of(json).build());
        return this;
    }

    /// Adds an object, given as JSON.
    public StateBuilder object(String field, String json) {
        state.set(field, of(json).build());
        return this;
    }

    /// Replaces the history by one term of that leader.
    public StateBuilder ledBy(String leader) {
        state.putArray("history")
                .addObject()
                .put("number", state.path("term").asLong())
                .put("leader", leader)
                .put("startSeq", 1);
        return this;
    }

    /// Adds something that its login may not do.
    public StateBuilder denied(String verb, String subject, String permission) {
        state.withArray("denied")
                .addObject()
                .put("url", "nats://a.example:4222")
                .put("verb", verb)
                .put("subject", subject)
                .put("permission", permission);
        return this;
    }

    public ObjectNode build() {
        return state.deepCopy();
    }

    private static StateBuilder of(String json) {
        try {
            JsonNode node = JsonText.read(json.getBytes(StandardCharsets.UTF_8));
            return new StateBuilder((ObjectNode) node);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
