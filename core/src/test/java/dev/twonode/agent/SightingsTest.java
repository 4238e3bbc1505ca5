package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.node.Clock;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.StoreException;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.simulation.SimulatedServer;
import dev.twonode.simulation.SimulatedStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the machine is told of a sequence that comes with a question for the state.
class SightingsTest {

    private static final Mark MARK = new Mark(7, new NodeName("a"));

    private final SimulatedServer server = new SimulatedServer("own", Instant::now);
    private final SimulatedStore store = new SimulatedStore(server, FaultPlan.NONE);
    private final List<Event> told = new ArrayList<>();
    private final UnaryOperator<byte[]> state =
            new Sightings(store, () -> 1, told::add, Clock.system()).before(() -> bytes("state"));

    @BeforeEach
    void threeMessages() throws StoreException {
        store.createFenced(MARK, "x", 10);
        store.open(MARK);
        for (int i = 0; i < 3; i++) {
            server.publish("$KV.kine.k", Map.of(), bytes("v"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void ask(String question) {
        assertThat(state.apply(bytes(question))).isEqualTo(bytes("state"));
    }

    private List<Long> seen() {
        return told.stream().map(it -> ((Event.SequenceSeen) it).lastSeq()).toList();
    }

    @Test
    void whatTheStreamHasWasSeen() {
        ask("{\"term\":7,\"seen\":2}");

        assertThat(seen()).containsExactly(2L);
        assertThat(((Event.SequenceSeen) told.getFirst()).term()).isEqualTo(7);
    }

    @Test
    void whatTheStreamDoesNotHaveWasNot() {
        ask("{\"term\":7,\"seen\":9000000000000000000}");

        assertThat(seen()).containsExactly(3L);
    }

    @Test
    void whatIsKnownOrSaysNothingIsNotTold() {
        ask("{\"term\":7,\"seen\":1}");
        ask("{\"term\":0,\"seen\":3}");
        ask("");
        ask("what is the state?");

        assertThat(told).isEmpty();
    }

    @Test
    void whatTheServerDoesNotConfirmIsNotTold() {
        server.kill();

        ask("{\"term\":7,\"seen\":2}");

        assertThat(told).isEmpty();
    }
}
