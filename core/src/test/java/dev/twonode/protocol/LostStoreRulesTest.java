package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule S4: a follower knows from its own journal that its store lost what was committed, also one
/// that never led.
class LostStoreRulesTest {

    private final Scenario a = starting(settings(A), journal(A, SHARED, 0), 100).connect();

    @BeforeEach
    void follow() {
        a.hear(a.leader()).tick();
        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));
    }

    private PeerSays leader() {
        return a.leader().telling(a.follows().sync().ask());
    }

    @Test
    void theFirstCommitThatAFollowerHearsOfIsJournalled() {
        a.hear(leader().committed(90));

        assertThat(a.journal.commitSeq()).isEqualTo(90);
    }

    /// A follower's disk is not forced for each write of its leader's clients.
    @Test
    void aLaterOneIsJournalledWithWhateverElseIs() {
        a.hear(leader().committed(90));
        a.hear(leader().committed(95));
        assertThat(a.journal.commitSeq()).isEqualTo(90);

        a.hear(leader().committed(96).ceiling(20_000));
        assertThat(a.journal.commitSeq()).isEqualTo(96);
    }

    /// A Kubernetes must not begin anew in an empty bucket because two disks were not mounted.
    @Test
    void aPairThatLostBothStreamsWaitsForTheOperator() {
        a.hear(leader().committed(90));
        a.server.messages.clear();
        a.server.exists = false;

        Scenario empty = a.restarted(settings(A)).connect();
        empty.hear(PeerSays.joining(SHARED, 0).committed(100).unknownContent());

        assertThat(empty.report().standing().contentUnknown()).isTrue();
        assertThat(empty.state.reason()).isEqualTo(Reason.BOTH_UNKNOWN);
    }
}
