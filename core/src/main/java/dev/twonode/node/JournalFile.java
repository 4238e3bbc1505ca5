package dev.twonode.node;

import dev.twonode.node.JournalJson.Content;
import dev.twonode.node.StateFolderException.Kind;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.NodeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The journal on disk: `journal.json` in the state folder, replaced as a whole.
///
/// When [#write] returns, the new content survives a power cut; when it throws, or the process dies
/// in it, the file holds the old content or the new, never a mixture.
public final class JournalFile {

    /// Its name in the state folder.
    public static final String NAME = "journal.json";

    private static final String NEXT = NAME + ".new";
    private static final long GREATEST_SIZE = 16 << 20;

    private final Path folder;
    private final NodeName node;
    private final String bucket;
    private @Nullable Journal written;

    /// @param folder the held state folder
    /// @param node the node whose journal this has to be
    /// @param bucket the bucket whose stream it has to be about
    public JournalFile(StateFolder folder, NodeName node, String bucket) {
        this.folder = folder.path();
        this.node = node;
        this.bucket = bucket;
    }

    /// The journal as it was last written, a blank one when there is none.
    ///
    /// @throws StateFolderException if it is damaged, newer, another node's or bucket's, or cannot
    ///   be read; it is left as it is
    public Journal read() throws StateFolderException {
        check(folder, node, bucket);
        return inspect(folder).orElseGet(() -> Journal.blank(node));
    }

    /// Looks whether an agent could go on from the journal in a folder, or begin one there.
    ///
    /// @throws StateFolderException if it could not
    public static void check(Path folder, NodeName node, String bucket)
            throws StateFolderException {
        Optional<Content> content = content(folder);
        if (content.isEmpty()) {
            return;
        }
        NodeName owner = content.get().journal().node();
        if (!owner.equals(node)) {
            throw foreign(
                    folder,
                    "belongs to node '%s', but this is node '%s'".formatted(owner, node),
                    "if this is that node, start it with --name " + owner);
        }
        String subject = content.get().bucket();
        if (!subject.isEmpty() && !subject.equals(bucket)) {
            throw foreign(
                    folder,
                    "is about bucket '%s', but this agent was given '%s'"
                            .formatted(subject, bucket),
                    "if that is the bucket, start it with --bucket " + subject);
        }
    }

    /// What cannot mix up two nodes is named first.
    private static StateFolderException foreign(Path folder, String why, String otherwise) {
        return new StateFolderException(
                Kind.FOREIGN,
                "the journal " + folder.resolve(NAME) + " " + why,
                "Give it a folder of its own with --state-dir; or, " + otherwise,
                null);
    }

    /// Makes a journal durable. One that is already on disk costs nothing.
    ///
    /// @throws StateFolderException if that is not certain; the caller must not act on the new
    ///   content
    public void write(Journal journal) throws StateFolderException {
        if (!journal.node().equals(node)) {
            throw new IllegalArgumentException("journal of " + journal.node() + " in " + node);
        }
        if (journal.equals(written)) {
            return;
        }
        written = null;
        try {
            writeNext(JournalJson.encode(new Content(journal, bucket)));
            Files.move(
                    folder.resolve(NEXT),
                    folder.resolve(NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            StateFolder.force(folder);
        } catch (IOException e) {
            throw DiskTrouble.unusable("write the journal", folder.resolve(NAME), e);
        }
        written = journal;
    }

    /// Looks at the journal in a folder that some agent may hold, for reports.
    ///
    /// @return empty when there is none
    /// @throws StateFolderException if it is damaged, newer, or cannot be read
    public static Optional<Journal> inspect(Path folder) throws StateFolderException {
        return content(folder).map(Content::journal);
    }

    private static Optional<Content> content(Path folder) throws StateFolderException {
        Path file = folder.resolve(NAME);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JournalJson.decode(text(file)));
        } catch (JournalJson.Damage | CharacterCodingException e) {
            throw damaged(file, e);
        } catch (JournalJson.Newer e) {
            throw new StateFolderException(
                    Kind.NEWER,
                    ("the journal %s was written by a later version of twonode (schema %d, this one"
                                    + " knows %d)")
                            .formatted(file, e.schema(), JournalJson.SCHEMA),
                    "Run that version again; nothing was changed",
                    e);
        } catch (IOException e) {
            throw DiskTrouble.unusable("read the journal", file, e);
        }
    }

    private void writeNext(String text) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        Path next = folder.resolve(NEXT);
        try (FileChannel channel = FileChannel.open(next, options, StateFolder.filePermissions())) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static String text(Path file) throws IOException, JournalJson.Damage {
        if (Files.isRegularFile(file) && Files.size(file) > GREATEST_SIZE) {
            throw new JournalJson.Damage("it is larger than any journal");
        }
        return Files.readString(file);
    }

    private static StateFolderException damaged(Path file, Exception e) {
        String why = e instanceof CharacterCodingException ? "it is not text" : e.getMessage();
        return new StateFolderException(
                Kind.DAMAGED,
                "the journal %s is damaged: %s. Nothing was changed".formatted(file, why),
                "Restore it from a backup of this machine that is not older than its last role"
                        + " change, or move it away: the node then joins as one that does not know"
                        + " its own past, and waits for its peer before it serves",
                e);
    }
}
