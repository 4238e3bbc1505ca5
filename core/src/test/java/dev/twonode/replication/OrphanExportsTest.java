package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.replication.CopyProgress.Phase;
import dev.twonode.replication.CopyProgress.Unit;
import dev.twonode.replication.OrphanExport.Acknowledged;
import dev.twonode.replication.OrphanExport.Origin;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanExportsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00.25Z");

    @TempDir Path stateDir;

    private TwoServers servers;
    private Instant now = NOW;
    private OrphanExports exports;

    @BeforeEach
    void start() throws StoreException {
        servers = new TwoServers(4);
        exports = new OrphanExports(stateDir, () -> now);
    }

    private static Origin origin(Acknowledged acknowledged) {
        return new Origin("p1", "b", acknowledged);
    }

    private OrphanExport export(int orphans, Acknowledged acknowledged) throws Exception {
        servers = new TwoServers(orphans);
        servers.writeToLeader(5);
        servers.copyAll();
        servers.startLeadersTerm();
        servers.writeToOwn(orphans);
        servers.writeToLeader(2);
        return exportAgain(orphans, acknowledged);
    }

    private OrphanExport exportAgain(int orphans, Acknowledged acknowledged) throws CopyException {
        Pace pace = new Pace(Phase.EXPORTING, Unit.MESSAGES, orphans, _ -> {}, () -> 0);
        Verdict.Orphans verdict = new Verdict.Orphans(1, 5, 6, 5 + orphans, orphans);
        return exports.export(verdict, origin(acknowledged), servers.stores, pace);
    }

    @Test
    void anExportIsNamedByTimeTermAndRange() throws Exception {
        OrphanExport export = export(4, Acknowledged.YES);

        assertThat(export.name()).isEqualTo("20261101T100000.250Z-1-6-9.jsonl");
        assertThat(export.time()).isEqualTo(NOW);
        assertThat(export.origin()).isEqualTo(origin(Acknowledged.YES));
        assertThat(export.term()).isEqualTo(1);
        assertThat(export.from()).isEqualTo(6);
        assertThat(export.to()).isEqualTo(9);
        assertThat(export.count()).isEqualTo(4);
        assertThat(export.bytes())
                .isEqualTo(Files.size(stateDir.resolve("orphans").resolve(export.name())));
        assertThat(exports.list()).containsExactly(export);
    }

    @Test
    void everyOrphanIsALineWithAllOfIt() throws Exception {
        OrphanExport export = export(4, Acknowledged.NO);

        List<String> lines = exports.show(export.name(), 0, 100);

        assertThat(lines).hasSize(5);
        assertThat(JSON.readTree(lines.getFirst()).get("acknowledged").asText()).isEqualTo("no");
        List<StoredMessage> orphans =
                servers.own.content().stream().filter(m -> m.sequence() > 5).toList();
        for (int i = 0; i < orphans.size(); i++) {
            StoredMessage orphan = orphans.get(i);
            JsonNode json = JSON.readTree(lines.get(i + 1));
            assertThat(json.get("sequence").asLong()).isEqualTo(orphan.sequence());
            assertThat(json.get("subject").asText()).isEqualTo(orphan.subject());
            assertThat(json.get("payload").binaryValue()).isEqualTo(orphan.data());
            assertThat(json.get("time").asText()).isEqualTo(orphan.time().toString());
            assertThat(json.get("headers").size()).isEqualTo(orphan.headers().size());
            orphan.headers()
                    .forEach((name, values) ->
                            assertThat(json.get("headers").get(name).get(0).asText())
                                    .isEqualTo(values.getFirst()));
        }
    }

    @Test
    void thePayloadsOfOrphansMayBeLargerThanAnyBuffer() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.startLeadersTerm();
        servers.ownStore.open(TwoServers.MARK_B);
        byte[] large = new byte[900_000];
        large[899_999] = 7;
        servers.own.publish("$KV.kine.large", Map.of(), large);

        OrphanExport export = exportAgain(1, Acknowledged.UNKNOWN);

        String line = exports.show(export.name(), 1, 1).getFirst();
        assertThat(JSON.readTree(line).get("payload").binaryValue()).isEqualTo(large);
    }

    @Test
    void anExportOfTheSameOrphansIsMadeOnce() throws Exception {
        OrphanExport first = export(4, Acknowledged.YES);
        now = NOW.plusSeconds(60);

        assertThat(exportAgain(4, Acknowledged.YES)).isEqualTo(first);
        assertThat(exports.list()).hasSize(1);
    }

    @Test
    void linesAreShownInPages() throws Exception {
        OrphanExport export = export(4, Acknowledged.YES);

        assertThat(exports.show(export.name(), 1, 2)).hasSize(2);
        assertThat(exports.show(export.name(), 4, 10)).hasSize(1);
        assertThat(exports.show(export.name(), 50, 10)).isEmpty();
    }

    @Test
    void anExportIsRemovedByName() throws Exception {
        OrphanExport export = export(4, Acknowledged.YES);

        exports.remove(export.name());

        assertThat(exports.list()).isEmpty();
    }

    @Test
    void namesReachNoOtherFile() throws Exception {
        Files.writeString(stateDir.resolve("journal.json"), "{}");
        export(4, Acknowledged.YES);

        for (String name : List.of("../journal.json", "", ".", "x.jsonl", "/etc/passwd")) {
            assertThatThrownBy(() -> exports.remove(name)).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> exports.show(name, 0, 1))
                    .isInstanceOf(NoSuchFileException.class);
        }
        assertThat(stateDir.resolve("journal.json")).exists();
    }

    @Test
    void whatIsNoExportIsNotListed() throws Exception {
        OrphanExport export = export(4, Acknowledged.YES);
        Path folder = stateDir.resolve("orphans");
        Files.writeString(folder.resolve("20261101T100000.250Z-1-6-8.jsonl"), "{\"kind\":");
        Files.writeString(folder.resolve("20261101T100000.250Z-1-6-7.jsonl.part"), "{");
        Files.writeString(folder.resolve("notes.txt"), "mine");

        assertThat(exports.list()).containsExactly(export);
    }

    @Test
    void thereAreNoExportsInANewFolder() throws Exception {
        assertThat(exports.list()).isEmpty();
    }
}
