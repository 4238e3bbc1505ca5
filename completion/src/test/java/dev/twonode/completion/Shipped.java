package dev.twonode.completion;

import dev.twonode.cli.command.Shell;
import java.nio.file.Path;

/// The scripts as they are committed and shipped.
final class Shipped {

    static final Path SHARE = Path.of("src/main/share");

    private Shipped() {}

    static Path script(Shell shell) {
        return SHARE.resolve(shell.script()).toAbsolutePath();
    }
}
