package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import dev.twonode.cli.output.OrphanRow;
import dev.twonode.node.JournalFile;
import dev.twonode.replication.OrphanExports;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Where exports of orphans are read from.
sealed interface OrphanSource {

    List<OrphanRow> list();

    List<String> show(String name, long offset, int limit);

    /// Asks the agent.
    record Agent(PairReader reader) implements OrphanSource {

        @Override
        public List<OrphanRow> list() {
            ObjectNode body = Documents.object();
            body.put("action", "list");
            List<OrphanRow> rows = new ArrayList<>();
            for (JsonNode export : ask(body).path("exports")) {
                rows.add(OrphanRow.of(export));
            }
            return rows;
        }

        @Override
        public List<String> show(String name, long offset, int limit) {
            ObjectNode body = Documents.object();
            body.put("action", "show");
            body.put("name", name);
            body.put("offset", offset);
            body.put("limit", limit);
            List<String> lines = new ArrayList<>();
            for (JsonNode line : ask(body).path("lines")) {
                lines.add(line.asText());
            }
            return lines;
        }

        private ObjectNode ask(ObjectNode body) {
            String address = Absence.firstSeen(reader.readNamed()).address();
            return switch (reader.ask(address, "orphans", body, reader.timeout())) {
                case Reply.Answered(ObjectNode answer) when answer.path("ok").asBoolean() -> answer;
                case Reply.Answered(ObjectNode answer) ->
                        throw Refusal.failure("orphans", answer, address);
                case Reply.Failed failed ->
                        throw Absence.failure("no answer to orphans from", address, failed);
            };
        }
    }

    /// Reads the folder of an agent that may be down.
    record Folder(Path stateDir) implements OrphanSource {

        private static final Set<Path> OF_AGENTS =
                Set.of(Path.of(JournalFile.NAME), Path.of(OrphanExports.FOLDER));

        @Override
        public List<OrphanRow> list() {
            try {
                lookInto();
                return exports().list().stream().map(OrphanRow::of).toList();
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public List<String> show(String name, long offset, int limit) {
            try {
                lookInto();
                return exports().show(name, offset, limit);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        /// Where nothing can be seen, nothing would be listed: that would be said of a folder that
        /// is none of an agent's, or of somebody else's.
        private void lookInto() throws IOException {
            try (Stream<Path> entries = Files.list(stateDir)) {
                if (entries.map(Path::getFileName).noneMatch(OF_AGENTS::contains)) {
                    throw new IOException("it is no state folder: no agent has written to it");
                }
            } catch (NoSuchFileException e) {
                throw new IOException("there is no such folder", e);
            } catch (AccessDeniedException e) {
                throw new IOException("this user may not read it", e);
            }
        }

        private OrphanExports exports() {
            return new OrphanExports(stateDir, InstantSource.system());
        }

        private Failure unreadable(IOException e) {
            return new Failure(
                    ExitCode.FAILURE,
                    "the orphans under " + stateDir + " cannot be read",
                    String.valueOf(e.getMessage()),
                    "name the agent's state folder with --state-dir and an export as"
                            + " 'twonode orphans list' names it",
                    e);
        }
    }
}
