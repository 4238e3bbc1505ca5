package dev.twonode.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Walks the scenarios in the resources and compares what two machines do with what is written
/// there. `-Dtwonode.rewrite=true` writes it anew.
class TranscriptTest {

    private static final String LINE = "----\n";

    @TestFactory
    Stream<DynamicTest> theTranscriptsAreWhatTwoMachinesDo() throws IOException {
        try (Stream<Path> files = Files.list(GoldenFile.FOLDER)) {
            List<Path> scenarios =
                    files.filter(it -> it.toString().endsWith(".txt")).sorted().toList();
            return scenarios.stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> walk(file)));
        }
    }

    private static void walk(Path file) throws IOException {
        String text = Files.readString(file);
        int line = text.indexOf(LINE);
        String commands = line < 0 ? text : text.substring(0, line);
        Transcript transcript = new Transcript();
        commands.lines()
                .filter(it -> !it.isBlank() && !it.startsWith("#"))
                .forEach(transcript::command);
        GoldenFile.compare(file, commands + LINE + transcript.text());
    }
}
