package dev.twonode.replication;

import dev.twonode.replication.OrphanExport.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The folder `STATE_DIR/orphans`: every message that was taken out of a stream because another
/// leader's history goes on without it. Files are complete and on the disk, or not there.
///
/// Blocking; may be used by several threads as long as one of them exports or removes.
public final class OrphanExports {

    /// The folder's name in the state folder.
    public static final String FOLDER = "orphans";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME =
            Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z-\\d+-\\d+-\\d+\\.jsonl");

    private final ForcedFolder folder;
    private final InstantSource clock;

    /// @param stateDir the agent's state folder
    /// @param clock gives the time for names
    public OrphanExports(Path stateDir, InstantSource clock) {
        this(stateDir, clock, UnaryOperator.identity());
    }

    OrphanExports(Path stateDir, InstantSource clock, UnaryOperator<OutputStream> disk) {
        this.folder = new ForcedFolder(stateDir.resolve(FOLDER), disk);
        this.clock = clock;
    }

    /// Writes the own messages above the verdict's fork that the leader does not have. An export of
    /// the very same range, left by an attempt that was cut off later, is used again.
    OrphanExport export(Verdict.Orphans verdict, Origin origin, Stores stores, Pace pace)
            throws CopyException {
        StreamFacts own = stores.ownFacts();
        Differences found =
                Differences.above(verdict.fork(), own.lastSeq(), stores, _ -> pace.at(0));
        if (found.count() == 0) {
            throw new CopyException(
                    CopyException.Side.OWN,
                    StoreException.Kind.REFUSED,
                    "the orphans above " + verdict.fork() + " are not there any more");
        }
        Verdict.Orphans range =
                new Verdict.Orphans(
                        verdict.term(), verdict.fork(), found.first(), found.last(), found.count());
        try {
            folder.sweep();
            Optional<OrphanExport> earlier = earlier(range, origin);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            return write(
                    new OrphanLines.Header(origin, clock.instant(), range), found, stores, pace);
        } catch (IOException failure) {
            throw new CopyException("orphans could not be exported", failure);
        }
    }

    /// All exports, oldest first. A file that does not describe itself is left out.
    public List<OrphanExport> list() throws IOException {
        List<OrphanExport> exports = new ArrayList<>();
        for (String name : folder.names()) {
            if (NAME.matcher(name).matches()) {
                described(name).ifPresent(exports::add);
            }
        }
        return List.copyOf(exports);
    }

    /// Lines of one export; line 0 is the description.
    public List<String> show(String name, long offset, int limit) throws IOException {
        try (Stream<String> lines = Files.lines(existing(name), StandardCharsets.UTF_8)) {
            return lines.skip(offset).limit(limit).toList();
        }
    }

    /// Removes one export for good.
    public void remove(String name) throws IOException {
        existing(name);
        folder.remove(name);
    }

    private Optional<OrphanExport> described(String name) {
        try {
            return Optional.of(read(name));
        } catch (IOException removedMeanwhileOrDamaged) {
            return Optional.empty();
        }
    }

    private Optional<OrphanExport> earlier(Verdict.Orphans range, Origin origin)
            throws IOException {
        for (OrphanExport export : list()) {
            if (export.origin().equals(origin)
                    && export.term() == range.term()
                    && export.from() == range.from()
                    && export.to() == range.to()
                    && export.count() == range.count()) {
                return Optional.of(export);
            }
        }
        return Optional.empty();
    }

    private OrphanExport write(
            OrphanLines.Header header, Differences found, Stores stores, Pace pace)
            throws IOException, CopyException {
        Verdict.Orphans range = header.range();
        String name =
                "%s-%d-%d-%d.jsonl"
                        .formatted(
                                TIME.format(header.time()), range.term(), range.from(), range.to());
        folder.<CopyException>write(
                name,
                out -> {
                    OrphanLines.writeHeader(out, header);
                    writeMessages(out, found, stores, pace);
                });
        return read(name);
    }

    private static void writeMessages(OutputStream out, Differences found, Stores stores, Pace pace)
            throws IOException, CopyException {
        long written = 0;
        for (Differences.Span span : found.ownOnly()) {
            try (Reading own = new Reading(stores.own(), span.from(), span.to())) {
                Optional<StoredMessage> message = stores.onOwn(_ -> own.take());
                while (message.isPresent()) {
                    OrphanLines.writeMessage(out, message.get());
                    pace.at(++written);
                    message = stores.onOwn(_ -> own.take());
                }
            }
        }
        if (written != found.count()) {
            throw new CopyException(
                    CopyException.Side.OWN,
                    StoreException.Kind.REFUSED,
                    "%d orphans were found and %d could be read".formatted(found.count(), written));
        }
    }

    private OrphanExport read(String name) throws IOException {
        Path file = folder.resolve(name);
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            OrphanLines.Header header = OrphanLines.readHeader(line == null ? "" : line);
            Verdict.Orphans range = header.range();
            return new OrphanExport(
                    name,
                    header.time(),
                    header.origin(),
                    range.term(),
                    range.from(),
                    range.to(),
                    range.count(),
                    Files.size(file));
        }
    }

    private Path existing(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(file)) {
            throw new NoSuchFileException(name, null, "no export of this name");
        }
        return file;
    }
}
