package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.NodeName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"nats1", "somebody-else", "another-node"})
    void somebodyElseNeverHasTheNodesOwnName(String name) {
        NodeName own = new NodeName(name);

        assertThat(Fence.somebody(own)).isNotEqualTo(own);
    }
}
