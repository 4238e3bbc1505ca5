package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Reply;
import dev.twonode.node.Clock;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import dev.twonode.testing.FakeMessaging;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherAgentsTest {

    private static final Subjects SUBJECTS = new Subjects("kine", "");

    private final Server server = new Server();
    private final SetClock clock = new SetClock();
    private final List<String> refusedFirst = new ArrayList<>();
    private final List<String> refusedSecond = new ArrayList<>();

    private static final class SetClock implements Clock {

        private long now;

        @Override
        public long millis() {
            return now;
        }

        @Override
        public Instant wall() {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Server extends FakeMessaging {

        private int published;
        private boolean up = true;
        private boolean answers = true;

        @Override
        public boolean publish(String subject, byte[] body) {
            published++;
            return up && super.publish(subject, body);
        }

        @Override
        public Reply request(String subject, byte[] body, Duration timeout) {
            if (!up) {
                return new Reply.NotSent("the server is down");
            }
            return answers ? super.request(subject, body, timeout) : new Reply.NoResponders();
        }
    }

    private OtherAgents agent(String node, String process, List<String> refused) {
        Report.Sender self = new Report.Sender(null, new NodeName(node), process, 0);
        return new OtherAgents(server, SUBJECTS, self, clock, refused::add);
    }

    private void pass(Duration time) {
        clock.now += time.toMillis();
    }

    @Test
    void theOneThatCameLaterIsRefusedWhateverTheTwoAreCalled() {
        agent("a", "p2", refusedFirst).look();
        pass(Duration.ofSeconds(3));
        agent("c", "p1", refusedSecond).look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).hasSize(1);
        assertThat(refusedSecond.getFirst()).contains("agent a serves this node's server already");
    }

    /// It fences the stream as soon as it is told of the connection.
    @Test
    void whoeverComesToAServedServerIsRefusedBeforeItIsHeardThere() {
        agent("a", "p2", refusedFirst).look();
        int before = server.published;
        agent("c", "p1", refusedSecond).look();

        assertThat(refusedSecond).hasSize(1);
        assertThat(server.published).isEqualTo(before);
    }

    @Test
    void whoServesAServerThatIsJoinedToThisOneIsNoneOfItsAgents() {
        byte[] answer = Wire.bytes(new OtherAgents.Serving("a", "the server of a"));
        server.subscribe(SUBJECTS.of(Subjects.SERVING), question -> question.respond(answer));
        agent("c", "p1", refusedSecond).look();

        assertThat(refusedSecond).isEmpty();
    }

    @Test
    void ofTwoThatCameTogetherOneIsRefused() {
        server.answers = false;
        OtherAgents first = agent("a", "p1", refusedFirst);
        OtherAgents second = agent("a", "p2", refusedSecond);
        first.look();
        second.look();
        first.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).isNotEmpty();
    }

    /// It hears the other one before it has asked, and is answered when it asks: one of them stays.
    @Test
    void whoStillAsksSendsNobodyAway() {
        OtherAgents second = agent("c", "p1", refusedSecond);
        agent("a", "p2", refusedFirst).look();
        second.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).hasSize(1);
    }

    @Test
    void anAgentThatIsThereForLongIsNotSentAway() {
        agent("a", "p2", refusedFirst).look();
        OtherAgents second = agent("c", "p1", refusedSecond);
        server.up = false;
        second.look();
        pass(Duration.ofSeconds(9));
        server.up = true;
        second.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).hasSize(1);
    }

    @Test
    void whoServedBeforeTheServersRestartStaysWhenBothConnectAtOnce() {
        OtherAgents first = agent("a", "p2", refusedFirst);
        first.look();
        pass(Duration.ofMinutes(1));
        OtherAgents second = agent("c", "p1", refusedSecond);

        first.look();
        second.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).isNotEmpty();
    }

    @Test
    void twoThatAreBothThereForLongLetEachOtherBe() {
        server.answers = false;
        OtherAgents first = agent("a", "p1", refusedFirst);
        OtherAgents second = agent("c", "p2", refusedSecond);
        first.look();
        second.look();
        pass(Duration.ofMinutes(1));
        refusedSecond.clear();
        int before = server.published;

        first.look();
        second.look();

        assertThat(refusedFirst).isEmpty();
        assertThat(refusedSecond).isEmpty();
        assertThat(server.published).isEqualTo(before + 4);
    }

    @Test
    void itsOwnWordsAndNonsenseMeanNothing() {
        agent("a", "p1", refusedFirst).look();
        int before = server.published;

        for (String word :
                List.of("", "{}", "null", "[]", "{\"node\":\"c\"}", "{\"process\":\"\"}")) {
            server.publish(SUBJECTS.of(Subjects.PRESENT), word.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(refusedFirst).isEmpty();
        assertThat(server.published).isEqualTo(before + 6);
    }
}
