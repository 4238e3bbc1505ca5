package dev.twonode.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.node.ActionRunner;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Report;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What this agent says to the other one, by way of the peer's server.
final class PeerTalk implements ActionRunner.Peer {

    private static final Log LOG = Log.of(PeerTalk.class);

    private final Messaging peer;
    private final Subjects subjects;
    private final Inbox inbox;
    private final Clock clock;
    private final PeerReports reports;
    private final Duration patience;
    private final Report.Sender self;
    private volatile Consumer<ObjectNode> words = _ -> {};
    private volatile Supplier<@Nullable String> pair = () -> null;

    /// @param self this node and process
    /// @param patience how long a request to the peer may take
    PeerTalk(
            Messaging peer,
            Subjects subjects,
            Report.Sender self,
            Inbox inbox,
            Clock clock,
            PeerReports reports,
            Duration patience) {
        this.peer = peer;
        this.subjects = subjects;
        this.self = self;
        this.inbox = inbox;
        this.clock = clock;
        this.reports = reports;
        this.patience = patience;
    }

    /// Tells where to find what goes along with every message.
    ///
    /// @param description adds how this node and its server are
    /// @param pairId identity of the pair, null before the first start
    void describeWith(Consumer<ObjectNode> description, Supplier<@Nullable String> pairId) {
        words = description;
        pair = pairId;
    }

    private Report.Sender sender(long counter) {
        return new Report.Sender(pair.get(), self.node(), self.process(), counter);
    }

    /// Sends a heartbeat. Nothing is kept for later: the next one says it all again.
    @Override
    public void tell(Report report) {
        ObjectNode message = Wire.object();
        message.set("agent", Wire.tree(report));
        message.put("clock", clock.wall().toString());
        words.accept(message);
        peer.publish(subjects.of(Subjects.HEARTBEAT), Wire.bytes(message));
    }

    @Override
    public void tellProgress(Action.TellProgress action) {
        peer.publish(
                subjects.of(Subjects.PROGRESS),
                Wire.bytes(
                        new Wire.Progress(
                                sender(action.counter()), action.term(), action.lastSeq())));
    }

    /// Asks the peer's agent for its state and its server for a sign of life, side by side.
    @Override
    public void ask() {
        long sentAt = clock.millis();
        FutureTask<Boolean> server = new FutureTask<>(this::serverAnswers);
        Thread.ofVirtual().name("ask-server").start(server);
        Thread.ofVirtual()
                .name("ask-agent")
                .start(() -> {
                    Reply reply = peer.request(subjects.of(Subjects.STATE), new byte[0], patience);
                    Optional<JsonNode> state =
                            reply instanceof Reply.Answer(byte[] body)
                                    ? Wire.tree(body)
                                    : Optional.empty();
                    if (state.isPresent()) {
                        reports.heard(state.get(), sentAt);
                    } else {
                        inbox.post(
                                new Event.PeerUnanswered(clock.millis(), sentAt, outcome(server)));
                    }
                });
    }

    /// Asks a leader how far it has committed, and tells it which sequence was seen at its server.
    void enquire(long term, long sequence) {
        long sentAt = clock.millis();
        byte[] body = Wire.bytes(new Wire.Sight(term, sequence));
        if (peer.request(subjects.of(Subjects.STATE), body, patience)
                instanceof Reply.Answer(byte[] answer)) {
            Wire.tree(answer).ifPresent(state -> reports.heard(state, sentAt));
        }
    }

    private static boolean outcome(FutureTask<Boolean> server) {
        try {
            return server.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking a server fails by its answer only", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// A server that says that nobody hears a subject has answered.
    private boolean serverAnswers() {
        Reply reply = peer.request(subjects.of(Subjects.NOBODY), new byte[0], patience);
        return reply instanceof Reply.NoResponders || reply instanceof Reply.Answer;
    }

    @Override
    public void grant(Action.Grant action) {
        byte[] body =
                Wire.bytes(new Wire.Takeover(sender(action.op()), action.term(), action.consent()));
        request(action.op(), Subjects.TAKEOVER, body);
    }

    @Override
    public void withdraw(Action.Withdraw action) {
        byte[] body = Wire.bytes(new Wire.Withdrawal(sender(action.op()), action.number()));
        request(action.op(), Subjects.WITHDRAW, body);
    }

    private void request(long op, String word, byte[] body) {
        Thread.ofVirtual()
                .name(word)
                .start(() -> {
                    Reply reply = peer.request(subjects.of(word), body, patience);
                    Optional<JsonNode> answer =
                            reply instanceof Reply.Answer(byte[] bytes)
                                    ? Wire.tree(bytes)
                                    : Optional.empty();
                    if (answer.isPresent()) {
                        boolean done = answer.get().path("ok").asBoolean();
                        String why = answer.get().path("error").asText();
                        if (!done) {
                            LOG.warn("the peer refused a " + word + ": " + why);
                        }
                        inbox.post(new Event.GrantAnswered(clock.millis(), op, done, why));
                    } else {
                        inbox.post(new Event.GrantUnanswered(clock.millis(), op));
                    }
                });
    }
}
