package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.logging.HeardLog;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Position;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.TermHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What an agent makes of messages that are not its peer's.
class PeerReportsTest {

    private final AtomicLong now = new AtomicLong(5_000);
    private final List<String> ends = new ArrayList<>();
    private final AtomicInteger doubts = new AtomicInteger();
    private final PeerReports reports =
            new PeerReports(
                    new NodeName("a"),
                    "a1",
                    new Inbox(),
                    clock(),
                    _ -> {},
                    ends::add,
                    doubts::incrementAndGet);

    private Clock clock() {
        return new Clock() {

            @Override
            public long millis() {
                return now.get();
            }

            @Override
            public Instant wall() {
                return Instant.EPOCH;
            }
        };
    }

    private static ObjectNode from(String node, String process) {
        Report report =
                new Report(
                        new Report.Sender("pair", new NodeName(node), process, 7),
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
                        new Report.StoreReport(true, "server", 1, 120, 110, 119L),
                        new Report.Pact(null, 1, 2, true, 110, 7, false),
                        new Report.Shown(10_110, 1_000, null),
                        null);
        ObjectNode message = Wire.object();
        message.set("agent", Wire.tree(report));
        return message;
    }

    @Test
    void whoNeverHeardAPeerAndHearsItselfAsksTheServersFirst() {
        reports.heard(from("a", "a1"));
        now.addAndGet(10);
        reports.heard(from("a", "a1"));

        assertThat(ends).isEmpty();
        assertThat(doubts).hasValue(2);
    }

    @Test
    void whoNeverHeardAPeerAndGoesOnHearingItselfEnds() {
        reports.heard(from("a", "a1"));
        now.addAndGet(250);
        reports.heard(from("a", "a1"));

        assertThat(ends).singleElement().asString().contains("leads back to this agent");
        assertThat(reports.newest()).isEmpty();
    }

    @Test
    void whoNeverHeardAPeerAndHearsItsOwnNameEnds() {
        reports.heard(from("a", "other"));

        assertThat(ends).singleElement().asString().contains("named 'a' too");
        assertThat(reports.newest()).isEmpty();
    }

    @Test
    void aStrangeMessageDoesNotEndAnAgentThatHasAPeer() {
        reports.heard(from("b", "b1"));
        reports.heard(from("b", "a1"));
        reports.heard(from("a", "a1"));
        reports.heard(from("a", "other"));

        assertThat(ends).isEmpty();
        assertThat(reports.newest().orElseThrow().report().sender().process()).isEqualTo("b1");
        assertThat(doubts).hasValue(3);
    }

    /// As when an agent, its server or the way between them stood still.
    @Test
    void reportsThatWaitedSayNothingOfTheClocksHoweverManyTheyAre() {
        try (HeardLog log = new HeardLog()) {
            for (int i = 0; i < 40; i++) {
                hearsFromClock(Instant.EPOCH.minusSeconds(3));
                now.addAndGet(1);
            }
            hearsFromClock(Instant.EPOCH);
            now.addAndGet(2_000);
            hearsFromClock(Instant.EPOCH.minusSeconds(3));

            assertThat(log.messages()).noneMatch(it -> it.contains("the clocks"));
        }
    }

    @Test
    void aClockThatStaysWrongIsToldOf() {
        try (HeardLog log = new HeardLog()) {
            for (int i = 0; i < 9; i++) {
                hearsFromClock(Instant.EPOCH.plusSeconds(3));
                now.addAndGet(250);
            }

            assertThat(log.messages()).singleElement().asString().contains("differ by 3.0 s");
        }
    }

    private void hearsFromClock(Instant wall) {
        reports.heard(from("b", "b1").put("clock", wall.toString()));
    }
}
