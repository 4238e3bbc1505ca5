package dev.twonode.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rules G2 and K4: what a leader said before its server ended may be heard only after that.
class LateReportRulesTest {

    private final Scenario a = Scenario.inSync();

    @Test
    void aReportThatComesBehindTheEndOfItsServerDoesNotTakeThePromotionBack() {
        a.server.answering = false;
        PeerSays before = a.leader();
        a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
        assertThat(a.role()).isEqualTo(Role.PROMOTING);

        a.hear(before);

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void aReportThatComesWhenTheServerIsThereAgainDoes() {
        a.server.answering = false;
        a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
        a.on(new Event.PeerLink(a.now, Peer.Link.UP));

        a.hear(a.leader());

        assertThat(a.role()).isNotEqualTo(Role.PROMOTING);
    }

    /// As when a firewall refuses this node what it lets the other do.
    @Test
    void aLaterTermIsHeardOfThoughTheServerOfItsLeaderRefusesADial() {
        Scenario leads = Scenario.leadingAlone();
        leads.on(new Event.PeerLink(leads.now, Peer.Link.REFUSED));
        Term later = new Term(9, Scenario.B, 90);

        leads.hear(
                PeerSays.leading(later, Scenario.history(new Term(1, Scenario.A, 1), later), 95));

        assertThat(leads.role()).isNotEqualTo(Role.LEADING);
        assertThat(leads.journal.alone()).isFalse();
    }
}
