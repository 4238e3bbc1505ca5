/// One class for each command, and the options that several share.
///
/// A command collects options, asks the agents through `dev.twonode.cli.agent`, and hands a view to
/// `dev.twonode.cli.output`. It never writes to the process's own streams, and decides nothing
/// about the pair: the agents do.
@NullMarked
package dev.twonode.cli.command;

import org.jspecify.annotations.NullMarked;
