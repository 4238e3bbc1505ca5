package dev.twonode.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a real process still logs while it ends.
class LastLinesIT {

    private static final int HOOKS = 40;

    /// Logs from many shutdown hooks, which run beside the one of the runtime's own logging.
    static final class Speaker {

        private Speaker() {}

        public static void main(String[] arguments) {
            LogSetup.configure(LogFormat.AUTO, LogLevel.INFO, List.of());
            Log log = Log.of(Speaker.class);
            for (int i = 0; i < HOOKS; i++) {
                int number = i;
                Thread hook = new Thread(() -> log.info("last words", Field.field("hook", number)));
                Runtime.getRuntime().addShutdownHook(hook);
            }
            log.info("first words");
        }
    }

    @Test
    void linesFromShutdownHooksAreNotLost() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Speaker.class.getName())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(errors.lines())
                .hasSize(1 + HOOKS)
                .allMatch(l -> l.matches("time=\\S+Z level=info msg=.*"));
    }
}
