package dev.twonode.completion;

import dev.twonode.cli.Environment;
import dev.twonode.cli.TwoNode;
import dev.twonode.cli.command.Shell;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Makes the completion scripts.
public final class Scripts {

    private Scripts() {}

    /// The script of a shell for all commands there are.
    public static String of(Shell shell) {
        CommandLine everything = TwoNode.everything(Environment.ofProcess());
        CommandSpec root = everything.getCommandSpec();
        return switch (shell) {
            case BASH -> AutoComplete.bash(root.name(), everything);
            case ZSH -> ZshScript.of(root);
            case FISH -> FishScript.of(root);
        };
    }
}
