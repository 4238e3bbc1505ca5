package dev.twonode.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.nats.Acknowledgement;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Answer;
import dev.twonode.protocol.Event;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.OrphanExports;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/// The subjects that an agent serves on its own server: for the peer's agent and for operators.
final class AgentSubjects {

    private static final Log LOG = Log.of(AgentSubjects.class);
    private static final int MOST_LINES = 1_000;

    /// Whoever waits for a handover still hears what became of it.
    private static final long PATIENCE_S = Subjects.LONGEST_WAIT.plusMinutes(1).toSeconds();

    private static final byte[] UNANSWERED =
            Wire.bytes(
                    Requests.json(
                            new Answer.Unknown("the node did not answer in " + PATIENCE_S + " s")));
    private static final List<String> OPERATOR_WORDS =
            List.of(
                    Subjects.STATE,
                    Subjects.STEPDOWN,
                    Subjects.PROMOTE,
                    Subjects.REJOIN,
                    Subjects.PAUSE,
                    Subjects.RESUME,
                    Subjects.ORPHANS,
                    Subjects.ACKNOWLEDGE);

    private final Subjects subjects;
    private final Inbox inbox;
    private final Clock clock;
    private final Requests requests;
    private final UnaryOperator<byte[]> state;
    private final OrphanExports orphans;
    private final LossNotice losses;
    private final Executor later;

    /// @param state answers a question with the present state as JSON
    /// @param losses told what an operator acknowledges
    /// @param later runs what has to be tried again, a moment later
    AgentSubjects(
            Subjects subjects,
            Inbox inbox,
            Clock clock,
            Requests requests,
            UnaryOperator<byte[]> state,
            OrphanExports orphans,
            LossNotice losses,
            Executor later) {
        this.subjects = subjects;
        this.inbox = inbox;
        this.clock = clock;
        this.requests = requests;
        this.state = state;
        this.orphans = orphans;
        this.losses = losses;
        this.later = later;
    }

    /// Serves the subjects of the peer's agent, the long form only.
    void servePeer(Messaging own, PeerReports reports) {
        own.subscribe(
                subjects.of(Subjects.HEARTBEAT),
                message -> Wire.tree(message.body()).ifPresent(reports::heard));
        own.subscribe(
                subjects.of(Subjects.PROGRESS),
                message ->
                        Wire.read(message.body(), Wire.Progress.class).ifPresent(this::progress));
        own.subscribe(subjects.of(Subjects.TAKEOVER), this::takeover);
        own.subscribe(subjects.of(Subjects.WITHDRAW), this::withdraw);
        for (String advisory : subjects.streamChanges()) {
            own.subscribe(advisory, _ -> inbox.post(new Event.StreamChanged(clock.millis())));
        }
    }

    /// Hears at the peer's server what it acknowledges to the peer's copy, as soon as the peer's
    /// own agent does (rule C1).
    void hearCopies(Messaging peer) {
        peer.subscribeDirectly(subjects.of(Subjects.STORED) + ".>", this::stored);
    }

    /// Registers the operators' subjects, in both forms.
    void serveOperators(Endpoints endpoints) {
        for (String word : OPERATOR_WORDS) {
            endpoints.add(word, subjects.of(word), body -> answer(word, body));
            endpoints.add(word + "-plain", subjects.plain(word), body -> answer(word, body));
        }
    }

    /// Where operators' subjects are served.
    @FunctionalInterface
    interface Endpoints {
        void add(String name, String subject, UnaryOperator<byte[]> handler);
    }

    private byte[] answer(String word, byte[] body) {
        Asked asked = new Asked(word, body, new CompletableFuture<>());
        try {
            operator(word, asked);
        } catch (Demand.Unclear e) {
            return Wire.bytes(e.answer());
        }
        return asked.answer().completeOnTimeout(UNANSWERED, PATIENCE_S, TimeUnit.SECONDS).join();
    }

    /// A request whose handler waits for its answer.
    @SuppressWarnings("ArrayRecordComponent") // handed over as it came, never compared
    private record Asked(String subject, byte[] body, CompletableFuture<byte[]> answer)
            implements Incoming {

        @Override
        public boolean wantsAnswer() {
            return true;
        }

        @Override
        public void respond(byte[] bytes) {
            answer.complete(bytes);
        }
    }

    /// What a word of an operator does.
    private void operator(String word, Incoming message) throws Demand.Unclear {
        if (word.equals(Subjects.STATE)) {
            message.respond(state.apply(message.body()));
            return;
        }
        Demand demand = Demand.of(message.body());
        switch (word) {
            case Subjects.STEPDOWN -> {
                long wait = demand.number("waitMs", 0, 0, Subjects.LONGEST_WAIT.toMillis());
                stepDown(message, clock.millis() + wait);
            }
            case Subjects.PROMOTE -> promote(message, demand);
            case Subjects.REJOIN -> rejoin(message, demand);
            case Subjects.PAUSE ->
                    ask(message, id -> new Event.PauseAsked(clock.millis(), id, true));
            case Subjects.RESUME ->
                    ask(message, id -> new Event.PauseAsked(clock.millis(), id, false));
            case Subjects.ORPHANS -> message.respond(Wire.bytes(orphans(demand)));
            case Subjects.ACKNOWLEDGE -> acknowledge(message, demand);
            default -> throw new IllegalArgumentException("no such word: " + word);
        }
    }

    private void progress(Wire.Progress progress) {
        inbox.post(
                new Event.ProgressHeard(
                        clock.millis(), progress.sender(), progress.term(), progress.seq()));
    }

    private void stored(Incoming message) {
        List<String> words = List.of(message.subject().split("\\."));
        int end = words.size();
        try {
            long sequence = Long.parseLong(words.get(end - 1));
            if (Acknowledgement.isPlain(message.body(), sequence)) {
                long copy = Long.parseLong(words.get(end - 2));
                inbox.post(
                        new Event.CopyAcknowledged(
                                clock.millis(), words.get(end - 3), copy, sequence));
            }
        } catch (NumberFormatException e) {
            LOG.debug("not an acknowledgement: " + message.subject());
        }
    }

    private void takeover(Incoming message) {
        Wire.read(message.body(), Wire.Takeover.class)
                .ifPresent(grant ->
                        ask(
                                message,
                                id ->
                                        new Event.TakeoverHeard(
                                                clock.millis(),
                                                id,
                                                grant.sender(),
                                                grant.term(),
                                                grant.consent())));
    }

    private void withdraw(Incoming message) {
        Wire.read(message.body(), Wire.Withdrawal.class)
                .ifPresent(withdrawal ->
                        ask(
                                message,
                                id ->
                                        new Event.WithdrawHeard(
                                                clock.millis(),
                                                id,
                                                withdrawal.sender(),
                                                withdrawal.number())));
    }

    private void ask(Incoming message, LongFunction<Event> event) {
        long id = requests.add(answer -> Requests.respond(message, answer, _ -> {}));
        inbox.post(event.apply(id));
    }

    /// Hands over, waiting for the follower to be in sync as long as the operator allowed.
    private void stepDown(Incoming message, long until) {
        long begun = clock.millis();
        long id =
                requests.add(answer -> {
                    boolean early =
                            answer instanceof Answer.Refused refused
                                    && isPassing(refused.code())
                                    && clock.millis() < until;
                    if (early) {
                        later.execute(() -> stepDown(message, until));
                    } else {
                        respondHeld(message, answer, begun);
                    }
                });
        inbox.post(new Event.StepDownAsked(clock.millis(), id));
    }

    private static boolean isPassing(Answer.Code code) {
        return code == Answer.Code.NOT_IN_SYNC
                || code == Answer.Code.PEER_UNREACHABLE
                || code == Answer.Code.BUSY;
    }

    private void respondHeld(Incoming message, Answer answer, long begun) {
        Requests.respond(
                message,
                answer,
                json -> {
                    if (answer instanceof Answer.Led) {
                        json.put("heldMs", clock.millis() - begun);
                    }
                });
    }

    private void promote(Incoming message, Demand demand) throws Demand.Unclear {
        boolean force = demand.flag("force");
        String confirm = demand.text("confirm").orElse(null);
        ask(message, id -> new Event.PromoteAsked(clock.millis(), id, force, confirm));
    }

    private void rejoin(Incoming message, Demand demand) throws Demand.Unclear {
        String keep =
                demand.text("keep")
                        .orElseThrow(() ->
                                new Demand.Unclear("name the node to keep: {\"keep\":\"a\"}"));
        ask(message, id -> new Event.RejoinAsked(clock.millis(), id, keep));
    }

    /// The operator names what was seen: meanwhile there may be another loss, of which kine knows.
    private void acknowledge(Incoming message, Demand demand) throws Demand.Unclear {
        long term = demand.number("term", 0, 1, Long.MAX_VALUE);
        if (term == 0) {
            throw new Demand.Unclear(
                    "name the term that gave the revisions up, which 'state' tells as lost.term:"
                            + " {\"term\":7}");
        }
        long id =
                requests.add(answer -> {
                    if (answer instanceof Answer.Done) {
                        losses.acknowledged(term);
                    }
                    Requests.respond(message, answer, _ -> {});
                });
        inbox.post(new Event.LossTold(clock.millis(), id, term, true));
    }

    private ObjectNode orphans(Demand demand) throws Demand.Unclear {
        ObjectNode json = Wire.object();
        String action = demand.text("action").orElse("list");
        if (!List.of("list", "show").contains(action)) {
            throw new Demand.Unclear("'action' is list or show, not " + action);
        }
        try {
            if (action.equals("show")) {
                String name =
                        demand.text("name")
                                .orElseThrow(() -> new Demand.Unclear("name the export to show"));
                long limit = demand.number("limit", 100, 0, Long.MAX_VALUE);
                long offset = demand.number("offset", 0, 0, Long.MAX_VALUE);
                ArrayNode lines = json.put("ok", true).put("name", name).putArray("lines");
                orphans.show(name, offset, Math.clamp(limit, 1, MOST_LINES)).forEach(lines::add);
                return json;
            }
            ArrayNode exports = json.put("ok", true).putArray("exports");
            orphans.list().forEach(export -> describe(exports.addObject(), export));
            return json;
        } catch (NoSuchFileException e) {
            return Demand.refusal(
                    "unknown-export", "there is no export named '" + e.getFile() + "'");
        } catch (IOException e) {
            return Demand.refusal("unreadable", String.valueOf(e.getMessage()));
        }
    }

    private static void describe(ObjectNode json, OrphanExport export) {
        json.put("name", export.name())
                .put("time", export.time().toString())
                .put("term", export.term())
                .put("from", export.from())
                .put("to", export.to())
                .put("count", export.count())
                .put("acknowledged", export.origin().acknowledged().word())
                .put("bytes", export.bytes());
    }
}
