package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twonode.node.StateFolderException.Kind;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Origin;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalFileTest {

    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");

    private static final Journal FULL =
            new Journal(
                    "pair-1",
                    A,
                    9,
                    new TermHistory(List.of(new Term(1, A, 1), new Term(7, B, 2_824))),
                    Instant.parse("2026-11-23T07:00:00.123456789Z"),
                    true,
                    true,
                    2_823,
                    12_823,
                    new Jump(7, 2_824, 3_825, true, Jump.Stage.UNDER_WAY),
                    6,
                    new Origin("NLED", "NCOPIED", 5),
                    2_500,
                    new Term(6, B, 2_824));

    @TempDir Path temp;
    private StateFolder folder;
    private JournalFile file;

    @BeforeEach
    void open() throws StateFolderException {
        folder = StateFolder.open(temp.resolve("state"));
        file = new JournalFile(folder, A, "kine");
    }

    @AfterEach
    void close() {
        folder.close();
    }

    @Test
    void nodeThatNeverRanHasABlankJournal() throws StateFolderException {
        assertThat(file.read()).isEqualTo(Journal.blank(A));
        assertThat(JournalFile.inspect(folder.path())).isEmpty();
        assertThat(path()).doesNotExist();
    }

    @Test
    void readsBackEveryField() throws StateFolderException {
        file.write(FULL);
        assertThat(new JournalFile(folder, A, "kine").read()).isEqualTo(FULL);
        assertThat(JournalFile.inspect(folder.path())).isEqualTo(Optional.of(FULL));

        file.write(Journal.blank(A));
        assertThat(file.read()).isEqualTo(Journal.blank(A));
    }

    @Test
    void fileIsForPeopleAndItsFieldsKeepTheirOrder() throws Exception {
        file.write(FULL);

        assertThat(Files.readString(path()))
                .isEqualTo(
                        """
                        {
                          "schema" : 1,
                          "bucket" : "kine",
                          "node" : "a",
                          "pairId" : "pair-1",
                          "highestTerm" : 9,
                          "alone" : true,
                          "resync" : true,
                          "created" : "2026-11-23T07:00:00.123456789Z",
                          "commitSeq" : 2823,
                          "ceiling" : 12823,
                          "jump" : {
                            "term" : 7,
                            "from" : 2824,
                            "to" : 3825,
                            "bounded" : true,
                            "stage" : "under-way"
                          },
                          "fencedIn" : 6,
                          "origin" : {
                            "led" : "NLED",
                            "copied" : "NCOPIED",
                            "copiedIn" : 5
                          },
                          "voidFrom" : 2500,
                          "unshown" : {
                            "number" : 6,
                            "leader" : "b",
                            "startSeq" : 2824
                          },
                          "history" : [ {
                            "number" : 1,
                            "leader" : "a",
                            "startSeq" : 1
                          }, {
                            "number" : 7,
                            "leader" : "b",
                            "startSeq" : 2824
                          } ],
                          "checksum" : "crc32c:8cdedc5a"
                        }
                        """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void reformattingDoesNoHarm() throws Exception {
        file.write(FULL);
        Files.writeString(path(), Files.readString(path()).replace(" ", "").replace("\n", ""));

        assertThat(file.read()).isEqualTo(FULL);
    }

    @Test
    void journalThatIsOnDiskAlreadyIsNotWrittenAgain() throws Exception {
        file.write(FULL);
        FileTime longAgo = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(path(), longAgo);

        file.write(FULL);
        assertThat(Files.getLastModifiedTime(path())).isEqualTo(longAgo);
    }

    @Test
    void flippedBitInAnyByteIsNoticed() throws Exception {
        file.write(FULL);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        byte[] good = Files.readAllBytes(path());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            int bit = random.nextInt(8);
            bad[i] ^= (byte) (1 << bit);
            Files.write(path(), bad);
            assertNeverBelieved("bit %d of byte %d".formatted(bit, i));
        }
    }

    /// A flip in white space may go unnoticed, but then nothing else than what was written is read.
    private void assertNeverBelieved(String what) {
        try {
            assertThat(file.read()).as(what).isEqualTo(FULL);
        } catch (StateFolderException e) {
            assertThat(e.kind()).as(what).isIn(Kind.DAMAGED, Kind.NEWER);
        }
    }

    @Test
    void everyTruncationIsNoticed() throws Exception {
        file.write(FULL);
        byte[] good = Files.readAllBytes(path());
        for (int length = 0; length < good.length - 1; length++) {
            Files.write(path(), Arrays.copyOf(good, length));
            assertThat(refusal().kind()).as("%d bytes", length).isEqualTo(Kind.DAMAGED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|not a JSON object",
                "[]|not a JSON object",
                "nonsense|not JSON from line 1",
                "{\"node\":\"a\"}|'schema' is missing",
                "{\"schema\":1}|'checksum' is missing",
                "{\"schema\":1,\"schema\":1}|not JSON",
                "{\"schema\":1,\"checksum\":\"crc32c:00000000\"}|checksum is wrong",
                "{\"schema\":-1}|'schema' is missing or no whole number"
            })
    void damagedJournalIsRefusedAndLeftAsItIs(String content, String reason) throws Exception {
        Files.writeString(path(), content);
        StateFolderException refusal = refusal();

        assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(refusal)
                .hasMessageContaining("journal " + path() + " is damaged")
                .hasMessageContaining(reason)
                .hasMessageContaining("backup")
                .hasMessageContaining("move it away");
        assertThat(path()).content().isEqualTo(content);
    }

    @Test
    void contentThatNoNodeCanHaveIsDamage() throws Exception {
        byte[] noText = {'{', (byte) 0xc3, '}'};
        Files.write(path(), noText);
        assertThat(refusal()).hasMessageContaining("it is not text");

        Files.writeString(path(), "{}" + " ".repeat(17 << 20), StandardCharsets.US_ASCII);
        assertThat(refusal()).hasMessageContaining("larger than any journal");
    }

    @Test
    void journalOfALaterVersionIsRefusedAndLeftAsItIs() throws Exception {
        String later = "{\"schema\":2,\"whatever\":[]}";
        Files.writeString(path(), later);
        StateFolderException refusal = refusal();

        assertThat(refusal.kind()).isEqualTo(Kind.NEWER);
        assertThat(refusal)
                .hasMessageContaining("schema 2, this one knows 1")
                .hasMessageContaining("Run that version again");
        assertThat(path()).content().isEqualTo(later);
    }

    @Test
    void journalOfAnotherNodeIsRefused() throws Exception {
        file.write(FULL);
        StateFolderException refusal =
                catchThrowableOfType(
                        StateFolderException.class,
                        () -> new JournalFile(folder, B, "kine").read());

        assertThat(refusal.kind()).isEqualTo(Kind.FOREIGN);
        assertThat(refusal)
                .hasMessageContaining("belongs to node 'a', but this is node 'b'")
                .hasMessageContaining("of its own with --state-dir; or, if this is that node")
                .hasMessageContaining("--name a");
    }

    @Test
    void journalOfAnotherBucketIsRefused() throws Exception {
        file.write(FULL);
        String before = Files.readString(path());
        StateFolderException refusal =
                catchThrowableOfType(
                        StateFolderException.class, () -> new JournalFile(folder, A, "kin").read());

        assertThat(refusal.kind()).isEqualTo(Kind.FOREIGN);
        assertThat(refusal)
                .hasMessageContaining("is about bucket 'kine', but this agent was given 'kin'")
                .hasMessageContaining("--bucket kine");
        assertThat(path()).content().isEqualTo(before);
    }

    /// As an earlier version wrote it.
    @Test
    void journalThatNamesNoBucketIsTakenAndNamesItFromThenOn() throws Exception {
        Journal known = FULL.withOrigin(Origin.NONE).withVoidFrom(0).withUnshown(null);
        file.write(known);
        String earlier =
                Files.readString(path())
                        .replace("  \"bucket\" : \"kine\",\n", "")
                        .replace("350aa6b3", "61c314a6");
        Files.writeString(path(), earlier);

        assertThat(file.read()).isEqualTo(known);
        file.write(known.withHighestTerm(10));
        assertThat(path()).content().contains("\"bucket\" : \"kine\"");
    }

    @Test
    void fullDiskIsAnErrorAndTheOldJournalStays() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        file.write(FULL);
        Files.createSymbolicLink(folder.resolve("journal.json.new"), Path.of("/dev/full"));
        StateFolderException refusal = writeRefusal(FULL.withHighestTerm(10));

        assertThat(refusal.kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(refusal)
                .hasMessageContaining("cannot write the journal " + path())
                .hasMessageContaining("No space left")
                .hasMessageContaining("Free space");
        assertThat(file.read()).isEqualTo(FULL);

        Files.delete(folder.resolve("journal.json.new"));
        file.write(FULL);
        assertThat(file.read()).as("after a failure nothing counts as written").isEqualTo(FULL);
    }

    @Test
    void folderThatCannotBeWrittenIsAnErrorAndTheOldJournalStays() throws Exception {
        file.write(FULL);
        Files.createDirectory(folder.resolve("journal.json.new"));

        assertThat(writeRefusal(FULL.withHighestTerm(10)).kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(file.read()).isEqualTo(FULL);
    }

    @Test
    void unreadableJournalIsAnError() throws IOException {
        Files.createDirectory(path());
        assertThat(refusal().kind()).isEqualTo(Kind.UNUSABLE);
    }

    @Test
    void leftoverOfAnInterruptedWriteIsNeverRead() throws Exception {
        file.write(FULL);
        Files.writeString(folder.resolve("journal.json.new"), "{\"schema\":1,");

        assertThat(file.read()).isEqualTo(FULL);
        Journal next = FULL.withHighestTerm(10);
        file.write(next);
        assertThat(file.read()).isEqualTo(next);
        assertThat(folder.resolve("journal.json.new")).doesNotExist();
    }

    @Test
    void anInterruptedWriteSaysThatTheAgentEnds() throws Exception {
        file.write(FULL);
        Thread.currentThread().interrupt();
        StateFolderException refusal = writeRefusal(FULL.withHighestTerm(10));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(refusal)
                .hasMessageEndingWith(
                        "journal.json: interrupted, as the agent ends. What was written before"
                                + " counts");
        assertThat(file.read()).isEqualTo(FULL);
    }

    private Path path() {
        return folder.resolve("journal.json");
    }

    private StateFolderException refusal() {
        return catchThrowableOfType(StateFolderException.class, () -> file.read());
    }

    private StateFolderException writeRefusal(Journal journal) {
        return catchThrowableOfType(StateFolderException.class, () -> file.write(journal));
    }
}
