package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.Inbox;
import dev.twonode.node.StateFolder;
import dev.twonode.protocol.Answer;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.OrphanExports;
import dev.twonode.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operators send to an agent by hand, and what the agent makes of it. A request that is
/// carried out waits for the machine, so one that is answered without it changed nothing.
@Timeout(30)
class OperatorRequestsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir private Path root;

    private final Inbox inbox = new Inbox();
    private final Requests requests = new Requests();
    private final Map<String, UnaryOperator<byte[]>> served = new TreeMap<>();

    @SuppressWarnings("NullAway.Init")
    private StateFolder folder;

    @BeforeEach
    void serve() throws Exception {
        folder = StateFolder.open(root.resolve("state"));
        Recent recent =
                new Recent(new NodeName("a"), new EventLog(folder), Clock.system(), () -> {});
        new AgentSubjects(
                        new Subjects("kine", ""),
                        inbox,
                        Clock.system(),
                        requests,
                        _ -> "{\"role\":\"leader\"}".getBytes(StandardCharsets.UTF_8),
                        new OrphanExports(folder.path(), InstantSource.system()),
                        new LossNotice(null, recent, inbox, Clock.system()),
                        Runnable::run)
                .serveOperators((_, subject, handler) -> served.put(subject, handler));
    }

    @AfterEach
    void close() {
        folder.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "5",
                "now",
                "{} {",
                "{\"waitMs\":5000",
                "{\"waitMs\":\"long\"}",
                "{\"waitMs\":-1}",
                "{\"waitMs\":1.5}",
                "{\"waitMs\":9223372036854775807}"
            })
    void aBrokenStepdownIsRefusedAndChangesNothing(String body) throws IOException {
        assertRefused("stepdown", body);
        assertRefused("twonode.kine.stepdown", body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause {",
                "resume {",
                "orphans {",
                "orphans {\"action\":\"remove\"}",
                "orphans {\"action\":\"show\"}",
                "orphans {\"action\":\"show\",\"name\":\"n\",\"limit\":\"all\"}",
                "promote {",
                "promote {\"force\":\"yes\",\"confirm\":\"b\"}",
                "promote {\"force\":true,\"confirm\":7}",
                "rejoin {",
                "rejoin {\"keep\":1}",
                "acknowledge {\"term\":\"7\"}",
                "acknowledge {\"term\":7"
            })
    void soIsEveryOtherRequest(String request) throws IOException {
        int space = request.indexOf(' ');

        assertRefused(request.substring(0, space), request.substring(space + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "{\"waitMs\":null}", "{\"hurry\":true}"})
    void anEmptyStepdownIsOne(String body) {
        CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> ask(body));
        Await.await(
                "the request is answered",
                Duration.ofSeconds(10),
                () -> {
                    requests.answer(1, new Answer.Done());
                    return answer.isDone();
                });

        assertThat(answer.join().path("ok").asBoolean()).isTrue();
    }

    private JsonNode ask(String body) {
        try {
            return answer("stepdown", body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThat(assertRefused("rejoin", "").path("error").asText()).contains("{\"keep\":");
        assertThat(assertRefused("acknowledge", "").path("error").asText()).contains("lost.term");
    }

    @Test
    void whoIsRefusedSinceSomethingIsUnderWayIsToldToAskAgain() {
        JsonNode answer =
                Requests.json(new Answer.Refused(Answer.Code.BUSY, "a handover is under way"));

        assertThat(answer.path("error").asText()).isEqualTo("a handover is under way");
        assertThat(answer.path("next").asText()).contains("ask again");
    }

    @Test
    void theStateIsToldWhateverIsSent() throws IOException {
        assertThat(answer("state", "{").path("role").asText()).isEqualTo("leader");
    }

    private JsonNode assertRefused(String subject, String body) throws IOException {
        JsonNode answer = answer(subject, body);

        assertThat(answer.path("ok").asBoolean(true)).as(answer.toString()).isFalse();
        assertThat(answer.path("code").asText()).isEqualTo("bad-request");
        assertThat(answer.path("error").asText()).isNotBlank();
        assertThat(answer.path("next").asText()).contains("nothing was changed");
        return answer;
    }

    private JsonNode answer(String subject, String body) throws IOException {
        UnaryOperator<byte[]> handler = Objects.requireNonNull(served.get(subject));
        return MAPPER.readTree(handler.apply(body.getBytes(StandardCharsets.UTF_8)));
    }
}
