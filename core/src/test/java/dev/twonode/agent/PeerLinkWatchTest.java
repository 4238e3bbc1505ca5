package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Position;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.TermHistory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What is said of a peer that is heard while its server is not reached.
class PeerLinkWatchTest {

    private static final String URL = "nats://10.0.0.2:4223";
    private static final String THERE = "nats://127.0.0.1:4222";
    private static final LinkEvent REFUSED =
            new LinkEvent.DialFailed(new Dialed.Refused(URL + " refused the connection"));

    private final HandClock clock = new HandClock(10_000);
    private final PeerLinkWatch watch =
            new PeerLinkWatch(new Inbox(), clock, URL, Duration.ofMillis(1_500));

    @Test
    void aServerThatWorksAndIsNotReachedIsElsewhere() {
        watch.accept(REFUSED);
        hearFor(1_600, true, "S");

        PeerLinkWatch.Astray astray = watch.astray().orElseThrow();
        assertThat(astray.why()).isEqualTo(URL + " refused the connection");
        assertThat(astray.remedy())
                .startsWith("Node b is heard, but this node does not reach its NATS server: ")
                .contains("answers b, at " + THERE + " as seen from its machine", "--peer-url");
    }

    @Test
    void anotherServerThatIsReachedIsNotThePeers() {
        watch.accept(connected("OTHER"));
        hearFor(1_600, true, "S");

        assertThat(watch.astray().orElseThrow().why())
                .isEqualTo("what answers at " + URL + " is another server");
    }

    @Test
    void theServerThatThePeerNamesIsItsOwn() {
        watch.accept(connected("S"));
        hearFor(5_000, true, "S");

        assertThat(watch.astray()).isEmpty();
    }

    @Test
    void aRestartIsOverBeforeAnythingIsSaid() {
        watch.accept(connected("NEW"));
        hearFor(1_000, true, "OLD");
        assertThat(watch.astray()).isEmpty();

        hearFor(600, true, "NEW");
        hearFor(1_000, true, "OLD");
        assertThat(watch.astray()).isEmpty();
    }

    /// Its last heartbeats may arrive after its server was found gone.
    @Test
    void aNodeThatDiesIsNotElsewhere() {
        watch.accept(connected("S"));
        hearFor(5_000, true, "S");
        watch.accept(REFUSED);
        hearFor(200, true, "S");

        for (long dead = 0; dead < 3_000; dead += 100) {
            assertThat(watch.astray()).isEmpty();
            clock.now += 100;
        }
    }

    @Test
    void aServerThatIsDownIsNotElsewhere() {
        watch.accept(REFUSED);
        hearFor(5_000, false, "S");

        assertThat(watch.astray()).isEmpty();
    }

    @Test
    void aServerThatLetsNobodyInMayBeTheRightOne() {
        watch.accept(
                new LinkEvent.DialFailed(
                        new Dialed.Unsuitable(Dialed.Fault.AUTHORIZATION, "refused")));
        hearFor(5_000, true, "S");

        assertThat(watch.astray()).isEmpty();
    }

    @Test
    void whatWasHeardLongAgoSaysNothing() {
        watch.accept(REFUSED);
        hearFor(5_000, true, "S");
        clock.now += 1_500;

        assertThat(watch.astray()).isEmpty();
    }

    private static LinkEvent connected(String id) {
        return new LinkEvent.Connected(
                new ServerIdentity(id, id, "2.14.0", URL, true, "", 1 << 20));
    }

    /// A heartbeat every 100 ms.
    private void hearFor(long millis, boolean usable, String serverId) {
        Report report =
                new Report(
                        new Report.Sender("pair", new NodeName("b"), "b1", 7),
                        Role.JOINING,
                        null,
                        null,
                        new Report.Standing(
                                TermHistory.EMPTY,
                                2,
                                new Position(2, 120),
                                true,
                                false,
                                false,
                                null,
                                null),
                        new Report.StoreReport(usable, serverId, 1, 120, 110, 119L),
                        new Report.Pact(null, 1, 2, true, 110, 7, false),
                        new Report.Shown(10_110, 1_000, null),
                        null);
        for (long end = clock.now + millis; clock.now < end; clock.now += 100) {
            watch.heard(new PeerReports.Heard(report, "ok", clock.now, 0, THERE));
        }
    }
}
