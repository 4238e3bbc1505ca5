package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DrainTest {

    private TwoServers servers;
    private Drain drain;

    @BeforeEach
    void start() throws StoreException {
        servers = new TwoServers(5);
        Session session = servers.session();
        servers.ownStore.fence(session.mark(), session.token());
        drain = new Drain(servers.stores, session);
    }

    @Test
    void aFencedLeaderTakesNoMoreAndEverythingItTookIsCopied() throws Exception {
        servers.writeToLeader(30);

        long barrier = drain.fence();
        StoreException refused =
                catchThrowableOfType(
                        StoreException.class,
                        () -> servers.leader.publish("$KV.kine.x", Map.of(), new byte[0]));

        assertThat(barrier).isEqualTo(30);
        assertThat(refused.kind()).isEqualTo(StoreException.Kind.REFUSED);
        assertThat(drain.copyTo(barrier, (_, _) -> {})).isEqualTo(new TailEnd.Reached(30));
        servers.assertCopied();
    }

    @Test
    void theLeadersFenceNamesWhoSetIt() throws Exception {
        drain.fence();

        assertThat(servers.leader.facts().orElseThrow().face())
                .isInstanceOfSatisfying(
                        Face.Fenced.class,
                        face -> assertThat(face.mark()).isEqualTo(TwoServers.MARK_B));
    }

    @Test
    void nothingIsMissingWhenTheFollowerIsLevel() throws Exception {
        servers.writeToLeader(8);
        drain.copyTo(8, (_, _) -> {});

        assertThat(drain.copyTo(drain.fence(), (_, _) -> {})).isEqualTo(new TailEnd.Reached(8));
    }

    @Test
    void aLeaderThatVanishesLeavesTheDrainUnfinished() throws Exception {
        servers.writeToLeader(8);
        long barrier = drain.fence();
        servers.leader.kill();

        assertThat(
                        catchThrowableOfType(
                                        CopyException.class,
                                        () -> drain.copyTo(barrier, (_, _) -> {}))
                                .side())
                .isEqualTo(CopyException.Side.LEADER);
    }
}
