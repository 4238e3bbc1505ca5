package dev.twonode.cli.command;

import picocli.CommandLine.Model.CommandSpec;

/// A command with options that are not annotations.
public interface Connects {

    /// Adds them to the command's model.
    void addOptionsTo(CommandSpec spec);
}
