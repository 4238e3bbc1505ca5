package dev.twonode.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptsTest {

    /// With `-Dcompletion.write=true` the scripts are written anew.
    @ParameterizedTest
    @EnumSource
    void shippedScriptIsWhatTheCommandsGive(Shell shell) throws IOException {
        String generated = Scripts.of(shell);
        Path shipped = Shipped.script(shell);
        if (Boolean.getBoolean("completion.write")) {
            Files.createDirectories(shipped.getParent());
            Files.writeString(shipped, generated);
        }

        assertThat(Files.readString(shipped))
                .as("run mvn -pl completion -am test -Dcompletion.write=true after a change")
                .isEqualTo(generated);
    }
}
