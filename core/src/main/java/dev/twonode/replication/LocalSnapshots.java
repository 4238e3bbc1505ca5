package dev.twonode.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Report;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The folder `STATE_DIR/snapshots`: what the own stream held before a resync deleted it. Each is a
/// folder that `nats stream restore` takes as it is. They are complete and on the disk, or not
/// there.
///
/// One is removed by itself only when everything in it is known to be elsewhere: it was compared
/// with the stream that took its place. A leader that lost data meanwhile, or another one, may have
/// less than the one with which it was compared.
///
/// Blocking; used by one thread at a time, except for [#names], [#compareWith] and
/// [#removeCompared].
public final class LocalSnapshots {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANIFEST = "backup.json";
    private static final String FACTS = "facts.json";

    /// The names by which the `nats` command line finds the data: from server 2.15 on, and before.
    private static final String ARCHIVE = "stream.arc.s2";

    private static final String LEGACY_ARCHIVE = "stream.tar.s2";

    private final ForcedFolder folder;
    private final InstantSource clock;
    private final Set<String> compared = new HashSet<>();
    private String leader = "";

    /// @param stateDir the agent's state folder
    /// @param clock gives the time for names
    public LocalSnapshots(Path stateDir, InstantSource clock) {
        this(stateDir, clock, UnaryOperator.identity());
    }

    LocalSnapshots(Path stateDir, InstantSource clock, UnaryOperator<OutputStream> disk) {
        this.folder = new ForcedFolder(stateDir.resolve("snapshots"), disk);
        this.clock = clock;
    }

    /// What `facts.json` remembers of a snapshot.
    record Saved(String name, StreamFacts facts, String dataFile, long dataBytes, String leader) {}

    /// Names of the snapshots, oldest first.
    public List<String> names() throws IOException {
        return folder.names();
    }

    /// Says with whose stream the own one is compared from now on. In one term of one server
    /// process a leader loses nothing.
    public void compareWith(Report who) {
        compareWith(who.term() + " on " + who.store().serverId());
    }

    synchronized void compareWith(String who) {
        if (!who.equals(leader)) {
            compared.clear();
            leader = who;
        }
    }

    /// The leader with whose stream the own one was compared last, empty for none.
    synchronized String comparedWith() {
        return leader;
    }

    /// Removes those of which everything is on that leader, or exported.
    ///
    /// @return the names of what stays
    public synchronized List<String> removeCompared() throws IOException {
        folder.sweep();
        List<String> left = new ArrayList<>();
        for (String name : folder.names()) {
            boolean known =
                    compared.contains(name)
                            || saved(name)
                                    .filter(it -> !it.leader().isEmpty())
                                    .filter(it -> it.leader().equals(leader))
                                    .isPresent();
            if (known) {
                folder.remove(name);
            } else {
                left.add(name);
            }
        }
        return List.copyOf(left);
    }

    /// Takes one and proves it: the facts of the snapshot are those of the stream.
    ///
    /// @param comparedWith the leader with whose stream it was compared, empty for none
    String take(Store own, String comparedWith, Pace pace) throws IOException, StoreException {
        folder.sweep();
        String version = own.serverVersion();
        String dataFile = ServerVersion.parse(version).writesArchives() ? ARCHIVE : LEGACY_ARCHIVE;
        try (Store.Snapshot snapshot = own.snapshot()) {
            StreamFacts facts = snapshot.facts();
            String name = "%s-%d".formatted(TIME.format(clock.instant()), facts.lastSeq());
            Path part = folder.makePart(name);
            try {
                long bytes = writeData(part.resolve(dataFile), snapshot, pace);
                writeText(part.resolve(MANIFEST), snapshot.manifest());
                writeText(part.resolve(FACTS), factsJson(facts, dataFile, bytes, comparedWith));
                folder.publish(part, name);
            } catch (IOException | StoreException failure) {
                try {
                    folder.sweep();
                } catch (IOException alsoFailed) {
                    failure.addSuppressed(alsoFailed);
                }
                throw failure;
            }
            return name;
        }
    }

    /// Whether a complete snapshot of exactly this stream in this state lies here. Looks at sizes
    /// and facts only.
    boolean covers(StreamFacts own) throws IOException {
        return covering(own).isPresent();
    }

    /// The same, of a stream that was compared with the leader's: whatever only it held is
    /// exported.
    synchronized boolean coversCompared(StreamFacts own) throws IOException {
        Optional<String> name = covering(own);
        name.ifPresent(compared::add);
        return name.isPresent();
    }

    private Optional<String> covering(StreamFacts own) throws IOException {
        for (String name : folder.names()) {
            Optional<Saved> saved = saved(name);
            if (saved.isPresent()
                    && saved.get().facts().created().equals(own.created())
                    && saved.get().facts().holdsAsMuchAs(own)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private long writeData(Path file, Store.Snapshot snapshot, Pace pace)
            throws IOException, StoreException {
        folder.<StoreException>writeForced(
                file,
                out -> {
                    long written = 0;
                    Optional<byte[]> chunk = snapshot.next();
                    while (chunk.isPresent()) {
                        out.write(chunk.get());
                        written += chunk.get().length;
                        pace.at(written);
                        chunk = snapshot.next();
                    }
                });
        return Files.size(file);
    }

    private void writeText(Path file, String text) throws IOException {
        folder.<RuntimeException>writeForced(
                file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String factsJson(
            StreamFacts facts, String dataFile, long dataBytes, String comparedWith)
            throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("serverId", facts.serverId());
        json.put("created", facts.created().toString());
        json.put("firstSeq", facts.firstSeq());
        json.put("lastSeq", facts.lastSeq());
        json.put("messages", facts.messages());
        json.put("deleted", facts.deleted());
        json.put("bytes", facts.bytes());
        json.put("perSubject", facts.perSubject());
        json.put("dataFile", dataFile);
        json.put("dataBytes", dataBytes);
        json.put("comparedWith", comparedWith);
        return JSON.writeValueAsString(json);
    }

    /// Empty when the entry is not one of ours or is damaged.
    private Optional<Saved> saved(String name) throws IOException {
        Path entry = folder.resolve(name);
        if (!Files.isRegularFile(entry.resolve(FACTS))) {
            return Optional.empty();
        }
        try {
            Saved saved = read(name, Files.readString(entry.resolve(FACTS)));
            Path data = entry.resolve(saved.dataFile());
            boolean whole = Files.isRegularFile(data) && Files.size(data) == saved.dataBytes();
            return whole ? Optional.of(saved) : Optional.empty();
        } catch (JsonProcessingException
                | CharacterCodingException
                | DateTimeParseException damaged) {
            return Optional.empty();
        }
    }

    private static Saved read(String name, String text) throws JsonProcessingException {
        JsonNode json = JSON.readTree(text);
        StreamFacts facts =
                new StreamFacts(
                        json.path("serverId").asText(),
                        Instant.parse(json.path("created").asText()),
                        new Face.Foreign("a local snapshot"),
                        json.path("firstSeq").asLong(),
                        json.path("lastSeq").asLong(),
                        json.path("messages").asLong(),
                        json.path("deleted").asLong(),
                        json.path("bytes").asLong(),
                        json.path("perSubject").asInt());
        return new Saved(
                name,
                facts,
                json.path("dataFile").asText(ARCHIVE),
                json.path("dataBytes").asLong(-1),
                json.path("comparedWith").asText());
    }
}
