package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Reply;
import dev.twonode.testing.Await;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MicroServiceIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final byte[] EMPTY = new byte[0];

    private final StoreFixture fixture = new StoreFixture();
    private final CountDownLatch stepDown = new CountDownLatch(1);
    private final MicroService service = service();

    @BeforeEach
    void addEndpoints() {
        service.endpoint("state", "state", _ -> bytes("{\"health\":\"ok\"}"));
        service.endpoint("stepdown", "stepdown", _ -> slow());
        service.endpoint(
                "broken",
                "broken",
                _ -> {
                    throw new IllegalStateException("it broke");
                });
    }

    @AfterEach
    void closeServer() {
        stepDown.countDown();
        service.close();
        fixture.close();
    }

    @Test
    void natsCommandListsTheServiceItsEndpointsAndItsCounters() throws Exception {
        assertThat(nats("micro", "ls")).contains("twonode", "0.1.0");
        assertThat(nats("micro", "info", "twonode"))
                .contains("twonode", "state", "stepdown", "node", "the agent of a node");
        assertThat(nats("req", "--raw", "state", "")).contains("\"health\":\"ok\"");
        assertThat(nats("micro", "stats", "twonode", "--json"))
                .contains("\"num_requests\": 1", "\"subject\": \"state\"");
    }

    @Test
    void slowEndpointBlocksNoOther() {
        fixture.link().publish("stepdown", EMPTY);
        assertThat(fixture.link().request("state", EMPTY, BOUND)).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void slowRequestBlocksNoOtherOfItsEndpoint() {
        AtomicInteger served = new AtomicInteger();
        service.endpoint(
                "pause",
                "pause",
                _ -> served.incrementAndGet() == 1 ? slow() : bytes("{\"ok\":true}"));
        fixture.link().publish("pause", EMPTY);
        Await.await("the slow request is served", BOUND, () -> served.get() == 1);

        assertThat(fixture.link().request("pause", EMPTY, BOUND)).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void requestBeyondThoseThatDoNotEndIsRefused() {
        for (int i = 0; i < 64; i++) {
            fixture.link().publish("stepdown", EMPTY);
        }

        Reply reply = fixture.link().request("stepdown", EMPTY, BOUND);

        assertThat(new String(((Reply.Answer) reply).body(), StandardCharsets.UTF_8))
                .contains("\"ok\":false", "\"code\":\"busy\"", "ask again");
    }

    @Test
    void whatAHandlerThrowsIsAnsweredAndCounted() throws Exception {
        Reply reply = fixture.link().request("broken", EMPTY, BOUND);
        assertThat(new String(((Reply.Answer) reply).body(), StandardCharsets.UTF_8))
                .contains("\"ok\":false", "it broke");
        assertThat(nats("micro", "stats", "twonode", "--json")).contains("\"num_errors\": 1");
    }

    @Test
    void serviceIsFoundAgainAfterItsServerCameBack() {
        fixture.killAndRestart();
        Await.await(
                "the service answers",
                BOUND,
                () ->
                        fixture.link().request("$SRV.PING.twonode", EMPTY, BOUND)
                                instanceof Reply.Answer);
    }

    private MicroService service() {
        return new MicroService(
                fixture.link(),
                new MicroService.Description(
                        "twonode", "0.1.0-SNAPSHOT", "the agent of a node", Map.of("node", "a")));
    }

    private byte[] slow() {
        try {
            stepDown.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return EMPTY;
    }

    private String nats(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Tools.path("nats").toString(),
                                "--no-context",
                                "-s",
                                fixture.server().url()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_CONFIG_HOME", fixture.server().folder().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
