package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.JsonPage;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command that asks a pair, as it is typed: the real launcher, real agents and servers. What
/// differs for a script is the exit code.
class CommandsIT {

    private static final int REFUSED = 3;
    private static final int WRONG_ROLE = 4;
    private static final int UNREACHABLE = 5;
    private static final int UNKNOWN = 6;
    private static final int DEGRADED = 7;
    private static final Duration BOUND = Duration.ofSeconds(30);

    @TempDir private static Path folder;

    private static FaultPair pair;
    private Machine leader;
    private Machine follower;

    private record Said(int code, String text) {}

    @BeforeAll
    static void start() {
        pair = new FaultPair(folder);
        pair.start();
    }

    @AfterAll
    static void end() {
        pair.close();
    }

    @BeforeEach
    void whole() {
        pair.heal();
        leader = pair.leader();
        follower = pair.peerOf(leader);
    }

    private static AgentProcess begin(String... arguments) {
        try {
            return AgentProcess.start(
                    Files.createTempFile(folder, "said-", ".out"), List.of(arguments));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Said twonode(String... arguments) {
        AgentProcess process = begin(arguments);
        return new Said(process.awaitExit(), process.log());
    }

    private static void assertSaid(Said said, int code, String... words) {
        assertThat(said.text()).contains(words);
        assertThat(said.code()).as(said.text()).isEqualTo(code);
    }

    private static String url(Machine one) {
        return one.server().url();
    }

    @Test
    void whatLooksAnswersInJsonAndNothingElse() throws IOException {
        for (List<String> command :
                List.of(
                        List.of("state"),
                        List.of("status"),
                        List.of("status", "--local"),
                        List.of("report"),
                        List.of("history"),
                        List.of("orphans", "list"),
                        List.of("version"))) {
            String[] words = new String[command.size() + 4];
            command.toArray(words);
            List.of("-s", url(follower), "-o", "json")
                    .forEach(word -> words[indexOfFree(words)] = word);

            Said said = twonode(words);

            assertThat(said.code()).as(command + ": " + said.text()).isZero();
            JsonNode json = new ObjectMapper().readTree(said.text());
            assertThat(json.path("schema").asInt()).as(command + ": " + json).isEqualTo(1);
        }
    }

    @Test
    void everyFieldOfARealStateStandsInThePage() throws IOException {
        Said said = twonode("state", "-s", url(leader), "-o", "json");

        assertThat(said.code()).as(said.text()).isZero();
        assertThat(always(JsonPage.fields(said.text())))
                .isEqualTo(always(JsonPage.documented("state")));
    }

    /// Without what is there only behind a loss or a refusal, or where there is a gateway.
    private static Set<String> always(Set<String> fields) {
        return fields.stream()
                .filter(field -> !field.startsWith("lost."))
                .filter(field -> !field.startsWith("denied"))
                .filter(field -> !field.startsWith("gateway.addresses"))
                .collect(Collectors.toSet());
    }

    private static int indexOfFree(String[] words) {
        int free = 0;
        while (words[free] != null) {
            free++;
        }
        return free;
    }

    @Test
    void aStepdownShowsThePairBeforeAndAfter() {
        Said said = twonode("stepdown", "-s", url(leader), "--yes", "--ascii");

        assertSaid(said, 0, "kine, before", "kine, after", "handed over", "writes were held for");
        pair.awaitLeads(follower);
    }

    /// Another stream of that server has the subjects that the heir's would get.
    @Test
    void aStepdownOntoANodeThatCannotOpenItsStreamSaysSoAndLeavesTheLeadWhereItWas() {
        String other = "{\"name\":\"OTHER\",\"subjects\":[\"$KV.kine.>\"],\"storage\":\"memory\"}";
        assertThat(pair.api(follower, "STREAM.CREATE.OTHER", other).orElseThrow().has("error"))
                .isFalse();

        Said said = twonode("stepdown", "-s", url(leader), "--yes", "--ascii");

        assertSaid(
                said,
                REFUSED,
                follower.name + " could not take the lead, so " + leader.name + " leads again",
                "subjects overlap with an existing stream",
                "kine, after",
                "mend that on " + follower.name);
        assertThat(said.text()).doesNotContain("handed over");
        pair.awaitWhole();
        assertThat(pair.leader()).isEqualTo(leader);
        assertThat(pair.request(leader, "state", "").orElseThrow().has("lost")).isFalse();
        assertThat(pair.put(leader, "after", "value")).isPresent();
        pair.api(follower, "STREAM.DELETE.OTHER", "");
        assertSaid(twonode("stepdown", "-s", url(leader), "--yes"), 0, "handed over");
        pair.awaitLeads(follower);
        pair.awaitWhole();
        pair.assertSame();
    }

    @Test
    void aFollowerHasTheWrongRoleToHandOver() {
        Said said = twonode("stepdown", "-s", url(follower), "--yes");

        assertSaid(said, WRONG_ROLE, "it does not lead", "twonode stepdown -s " + url(leader));
        assertThat(pair.leader()).isEqualTo(leader);
    }

    @Test
    void aLeaderWithoutAFollowerRefusesAndIsDegraded() {
        follower.killAgent();
        pair.await(leader, one -> one.leads() && one.alone(), "leads alone");

        assertSaid(twonode("stepdown", "-s", url(leader), "--yes"), REFUSED, "not in sync");
        assertSaid(twonode("status", "-s", url(leader), "--exit-code"), DEGRADED, "alone");
        assertSaid(twonode("status", "-s", url(leader)), 0, "alone");
        assertSaid(twonode("state", "-s", url(follower)), UNREACHABLE, "no twonode agent");
        assertThat(pair.leader()).isEqualTo(leader);
    }

    @Test
    void whatOnlyAnOperatorDecidesIsRefusedWhereNothingIsToBeDecided() {
        Said promoted = twonode("promote", "-s", url(leader), "--force", "--confirm", leader.name);
        assertSaid(promoted, 0, "leads");
        assertSaid(
                twonode("rejoin", "-s", url(leader), "--keep=" + leader.name, "--yes"),
                REFUSED,
                "error:",
                "do:");
        assertThat(pair.leader()).isEqualTo(leader);
    }

    @Test
    void whereNothingListensNobodyIsReached() {
        String nowhere = "127.0.0.1:" + NatsServerProcess.freePort();

        for (String command : List.of("state", "status", "stepdown", "report", "history")) {
            assertSaid(twonode(command, "-s", nowhere), UNREACHABLE, "nothing listens there");
        }
        assertSaid(twonode("promote", "-s", nowhere), UNREACHABLE, "nothing listens there");
        assertSaid(twonode("version", "-s", nowhere), UNREACHABLE, "nothing listens there");
    }

    /// The leader takes the request and dies before it can answer.
    @Test
    void aLeaderThatDiesWhileItIsAskedLeavesTheOutcomeUnknown() {
        follower.pause();
        pair.await(leader, one -> one.leads() && one.alone(), "leads alone");
        AgentProcess stepdown =
                begin("stepdown", "-s", url(leader), "--yes", "--wait-timeout=30s", "--timeout=2s");
        stepdown.awaitLog("before");

        Await.holdsFor("it waits", Duration.ofSeconds(2), stepdown::isAlive);
        leader.kill();

        Said said = new Said(stepdown.awaitExit(), stepdown.log());
        follower.resume();
        assertSaid(said, UNKNOWN, "it may still happen", "twonode status -s " + url(leader));
    }

    /// What is left to do by hand is shown until somebody says that it is done.
    private static void assertAcknowledged(Machine one, Machine other) {
        String both = url(one) + "," + url(other);
        String told = "twonode acknowledge -s ";
        assertSaid(twonode("status", "-s", both), 0, told + url(one), told + url(other));

        Said done = twonode("acknowledge", "-s", both);

        assertSaid(done, 0, one.name + ": the revisions given up", other.name + ": the revisions");
        Said after = twonode("status", "-s", both);
        assertThat(after.text()).doesNotContain("twonode acknowledge");
        assertSaid(twonode("acknowledge", "-s", both), 0, "nothing waits for a restart");
    }

    @Test
    void aForcedPromotionSaysWhatItLosesAndTheOrphansAreShown() {
        Machine lost = leader;
        Machine heir = follower;
        heir.kill();
        pair.await(lost, one -> one.leads() && one.alone(), "leads alone");
        for (int i = 0; i < 3; i++) {
            String key = "only-there-" + i;
            Await.await("a write", BOUND, () -> pair.put(lost, key, "value").isPresent());
        }
        lost.kill();
        heir.startAll();
        pair.await(heir, one -> one.role().equals("waiting"), "waits");

        assertSaid(twonode("promote", "-s", url(heir)), REFUSED, "--force --confirm=" + heir.name);
        assertSaid(
                twonode("promote", "-s", url(heir), "--force", "--confirm=" + heir.name),
                0,
                heir.name);
        pair.await(heir, NodeState::leads, "leads");
        lost.startAll();
        pair.await(lost, one -> !one.leads() && one.inSync(), "follows");
        assertAcknowledged(lost, heir);

        Said list = twonode("orphans", "list", "-s", url(lost), "-o", "tsv", "--no-header");
        assertThat(list.code()).as(list.text()).isZero();
        String name = list.text().split("\t", 2)[0];
        Said shown = twonode("orphans", "show", name, "-s", url(lost));
        assertSaid(shown, 0, "only-there-0", "only-there-2");
    }
}
