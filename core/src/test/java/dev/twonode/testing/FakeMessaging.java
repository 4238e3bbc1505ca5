package dev.twonode.testing;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.messaging.ServerIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A server without a network: it passes what is published to all who subscribed, at once. Tests
/// override what matters to them.
public class FakeMessaging implements Messaging {

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    private record Subscriber(String subject, Consumer<Incoming> handler) {}

    @SuppressWarnings("ArrayRecordComponent") // handed over as it came, never compared
    private record Message(String subject, byte[] body) implements Incoming {

        @Override
        public boolean wantsAnswer() {
            return false;
        }

        @Override
        public void respond(byte[] answer) {}
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Question(String subject, byte[] body, Consumer<byte[]> asker)
            implements Incoming {

        @Override
        public boolean wantsAnswer() {
            return true;
        }

        @Override
        public void respond(byte[] answer) {
            asker.accept(answer);
        }
    }

    @Override
    public Optional<ServerIdentity> server() {
        return Optional.empty();
    }

    @Override
    public boolean publish(String subject, byte[] body) {
        Message message = new Message(subject, body);
        subscribers.stream()
                .filter(it -> it.subject.equals(subject))
                .forEach(it -> it.handler.accept(message));
        return true;
    }

    @Override
    public Subscription subscribe(String subject, Consumer<Incoming> handler) {
        Subscriber one = new Subscriber(subject, handler);
        subscribers.add(one);
        return () -> subscribers.remove(one);
    }

    @Override
    public Subscription subscribeDirectly(String subject, Consumer<Incoming> handler) {
        return subscribe(subject, handler);
    }

    @Override
    public List<Denial> denials() {
        return List.of();
    }

    @Override
    public Reply request(String subject, byte[] body, Duration timeout) {
        List<byte[]> answers = new ArrayList<>();
        subscribers.stream()
                .filter(it -> it.subject.equals(subject))
                .forEach(it -> it.handler.accept(new Question(subject, body, answers::add)));
        return answers.isEmpty() ? new Reply.NoResponders() : new Reply.Answer(answers.getFirst());
    }

    @Override
    public Dialed redial() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
