package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.agent.OtherAgents.Present;
import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.messaging.ServerIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OtherAgentsTest {

    private static final Subjects SUBJECTS = new Subjects("kine", "");

    private final Server server = new Server();
    private final List<String> refusedFirst = new ArrayList<>();
    private final List<String> refusedSecond = new ArrayList<>();

    /// A server that passes what is published to all who subscribed, at once.
    private static final class Server implements Messaging {

        private final List<Consumer<Incoming>> subscribers = new ArrayList<>();
        private int published;

        @SuppressWarnings("ArrayRecordComponent") // handed over as it came, never compared
        private record Word(String subject, byte[] body) implements Incoming {

            @Override
            public boolean wantsAnswer() {
                return false;
            }

            @Override
            public void respond(byte[] answer) {}
        }

        @Override
        public boolean publish(String subject, byte[] body) {
            published++;
            List.copyOf(subscribers).forEach(it -> it.accept(new Word(subject, body)));
            return true;
        }

        @Override
        public Subscription subscribe(String subject, Consumer<Incoming> handler) {
            subscribers.add(handler);
            return () -> subscribers.remove(handler);
        }

        @Override
        public List<Denial> denials() {
            return List.of();
        }

        @Override
        public Optional<ServerIdentity> server() {
            return Optional.empty();
        }

        @Override
        public Reply request(String subject, byte[] body, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Dialed redial() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private OtherAgents agent(String node, String process, long startedAt, List<String> refused) {
        Present me = new Present(node, process, startedAt);
        return new OtherAgents(server, SUBJECTS, me, refused::add);
    }

    @Test
    void theOneThatCameLaterIsRefused() {
        agent("a", "p1", 1_000, refusedFirst).look();
        agent("c", "p2", 2_000, refusedSecond).look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).hasSize(1);
        assertThat(refusedSecond.getFirst()).contains("agent a serves this node's server already");
    }

    @Test
    void ofTwoThatCameTogetherOneIsRefused() {
        OtherAgents first = agent("a", "p1", 1_000, refusedFirst);
        OtherAgents second = agent("a", "p2", 1_000, refusedSecond);
        first.look();
        second.look();
        first.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).isNotEmpty();
    }

    @Test
    void anAgentThatIsThereForLongIsNotSentAway() {
        agent("a", "p1", 1_000, refusedFirst);

        agent("c", "p0", 500, refusedSecond).look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).isEmpty();
    }

    @Test
    void itsOwnWordsAndNonsenseMeanNothing() {
        agent("a", "p1", 1_000, refusedFirst).look();
        int before = server.published;

        for (String word :
                List.of("", "{}", "null", "[]", "{\"node\":\"c\"}", "{\"process\":\"\"}")) {
            server.publish(SUBJECTS.of(Subjects.PRESENT), word.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(refusedFirst).isEmpty();
        assertThat(server.published).isEqualTo(before + 6);
    }
}
