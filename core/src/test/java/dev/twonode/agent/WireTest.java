package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Consent;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Origin;
import dev.twonode.protocol.Position;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final NodeName A = new NodeName("a");
    private static final Term TERM = new Term(2, A, 101);
    private static final Consent CONSENT = new Consent(2, A, 100, 7);
    private static final Report REPORT =
            new Report(
                    new Report.Sender("pair", A, "a1", 7),
                    Role.LEADING,
                    TERM,
                    TERM,
                    new Report.Standing(
                            new TermHistory(List.of(new Term(1, A, 1), TERM)),
                            2,
                            new Position(2, 120),
                            true,
                            false,
                            false,
                            new Origin("led", "copied", 2),
                            List.of(new Term(1, A, 101))),
                    new Report.StoreReport(true, "server", 1, 120, 110, 119L),
                    new Report.Pact(CONSENT, 1, 2, true, 110, 7, false),
                    new Report.Shown(10_110, 1_000, new Jump(2, 101, 1_102, true, Jump.Stage.LEFT)),
                    new Refusal(TERM, "full", 1_500));

    /// What may be missing: its absence means something.
    private static final Set<String> OPTIONAL =
            Set.of(
                    "pairId",
                    "term",
                    "claim",
                    "serverId",
                    "consent",
                    "shown",
                    "jump",
                    "stage",
                    "refusal",
                    "origin",
                    "led",
                    "copied");

    private static ObjectNode message() {
        ObjectNode message = Wire.object();
        message.set("agent", Wire.tree(REPORT));
        return message;
    }

    @Test
    void aReportArrivesAsItWasSent() {
        assertThat(Wire.report(message())).contains(REPORT);
    }

    @Test
    void aReportOfAnEarlierVersionTellsOfNoRefusal() {
        ObjectNode message = message();
        ((ObjectNode) message.get("agent")).remove("refusal");

        assertThat(Wire.report(message).orElseThrow().refusal()).isNull();
    }

    @Test
    void aReportOfAnEarlierVersionKnowsNoTermsOfWhichNothingWasShown() {
        ObjectNode message = message();
        ((ObjectNode) message.at("/agent/standing")).remove("unshown");

        assertThat(Wire.report(message).orElseThrow().standing().unshown()).isNull();
    }

    @Test
    void aReportWithoutAnObjectOrTextThatEveryReportHasIsNone() {
        rejectsWithout(message(), (ObjectNode) message().get("agent"), "");
    }

    private static void rejectsWithout(ObjectNode message, ObjectNode part, String path) {
        for (String name : part.properties().stream().map(java.util.Map.Entry::getKey).toList()) {
            String here = path + "/" + name;
            JsonNode value = part.get(name);
            ObjectNode broken = message.deepCopy();
            ((ObjectNode) broken.at("/agent" + path)).putNull(name);
            if ((value.isObject() || value.isTextual()) && !OPTIONAL.contains(name)) {
                assertThat(Wire.report(broken)).as(here).isEmpty();
            }
            if (value.isObject()) {
                rejectsWithout(message, (ObjectNode) value, here);
            }
        }
    }

    @Test
    void aMessageWithoutItsPartsIsNone() {
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);

        assertThat(Wire.read(nothing, Wire.Progress.class)).isEmpty();
        assertThat(Wire.read(nothing, Wire.Takeover.class)).isEmpty();
        assertThat(Wire.read(nothing, Wire.Withdrawal.class)).isEmpty();
        assertThat(Wire.report(Wire.object())).isEmpty();
    }

    @Test
    void aMessageThatIsTooLargeIsNone() {
        byte[] large = new byte[(1 << 20) + 1];
        java.util.Arrays.fill(large, (byte) ' ');
        large[0] = '{';
        large[large.length - 1] = '}';

        assertThat(Wire.read(large, JsonNode.class)).isEmpty();
    }
}
