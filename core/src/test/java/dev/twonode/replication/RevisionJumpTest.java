package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.simulation.AgentDeath;
import dev.twonode.simulation.Fault;
import dev.twonode.simulation.FaultPlan;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The jump over lost revisions, on a simulated stream.
class RevisionJumpTest {

    private static final int HELD = 14;
    private static final long TO = 40;
    private static final int MOST_CALLS = 500;

    private static TwoServers servers() throws StoreException {
        TwoServers servers = new TwoServers(3);
        servers.writeToOwn(HELD);
        return servers;
    }

    private static StreamFacts jump(TwoServers servers, long to) throws StoreException {
        return new RevisionJump(servers.ownStore, "kine", InstantSource.system())
                .run(servers.session(), to);
    }

    private static void assertJumped(TwoServers servers, List<StoredMessage> before) {
        List<StoredMessage> after = servers.own.content();
        assertThat(after.subList(0, after.size() - 1)).isEqualTo(before);
        StoredMessage key = after.getLast();
        assertThat(key.sequence()).isEqualTo(TO);
        assertThat(key.subject()).isEqualTo(CompactionKey.subject("kine"));
        assertThat(servers.own.facts().orElseThrow().lastSeq()).isEqualTo(TO);
    }

    @Test
    void whatWasHeldStaysAndTheCompactionKeyIsTheLastMessage() throws StoreException {
        TwoServers servers = servers();
        List<StoredMessage> before = servers.own.content();

        StreamFacts facts = jump(servers, TO);

        assertThat(facts.lastSeq()).isEqualTo(TO);
        assertJumped(servers, before);
    }

    @Test
    void whoIsThereAlreadyStaysThere() throws StoreException {
        TwoServers servers = servers();
        jump(servers, TO);
        List<StoredMessage> before = servers.own.content();

        assertThat(jump(servers, TO).lastSeq()).isEqualTo(TO);

        assertThat(servers.own.content()).isEqualTo(before);
    }

    @Test
    void aJumpOfOneIsTheKeyAlone() throws StoreException {
        TwoServers servers = servers();

        assertThat(jump(servers, HELD + 1).lastSeq()).isEqualTo(HELD + 1);
    }

    @Test
    void streamThatAnotherClosedOrOpenedIsLeftAsItIs() throws StoreException {
        TwoServers servers = servers();
        servers.ownStore.fence(TwoServers.MARK_A, "other");
        assertThat(jump(servers, TO).lastSeq()).isEqualTo(HELD);

        servers.ownStore.open(TwoServers.MARK_A);
        assertThat(jump(servers, TO).face()).isEqualTo(new Face.Open());
    }

    @Test
    void aFollowerCopiesTheJumpUnderItsSequences() throws Exception {
        TwoServers servers = new TwoServers(4);
        servers.writeToLeader(HELD);
        servers.copyAll();
        servers.leaderStore.fence(TwoServers.MARK_A, "x");
        new RevisionJump(servers.leaderStore, "kine", InstantSource.system())
                .run(new Session(TwoServers.MARK_A, "jump"), TO);
        servers.leaderStore.open(TwoServers.MARK_A);
        servers.writeToLeader(3);

        Session session = servers.session();
        servers.ownStore.fence(session.mark(), session.token());
        try (Tail tail = Tail.resume(servers.stores, session, (_, _) -> {})) {
            assertThat(tail.drain(TO + 3)).isEqualTo(new TailEnd.Reached(TO + 3));
        }

        servers.assertCopied();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void itEndsWellWhereverItIsBroken(Fault fault) throws StoreException {
        for (int nth = 1; nth < MOST_CALLS; nth++) {
            TwoServers servers = servers();
            List<StoredMessage> before = servers.own.content();
            int[] calls = {0};
            int breaking = nth;
            servers.plan(_ -> ++calls[0] == breaking ? fault : Fault.NONE);
            try {
                jump(servers, TO);
            } catch (StoreException | AgentDeath expected) {
                assertThat(calls[0]).as("%s at call %d", fault, nth).isGreaterThanOrEqualTo(nth);
            }
            servers.plan(FaultPlan.NONE);
            servers.own.deliverLate();
            jump(servers, TO);
            servers.own.deliverLate();
            assertJumped(servers, before);
            if (calls[0] < nth) {
                return;
            }
        }
        throw new AssertionError("more calls than expected");
    }
}
