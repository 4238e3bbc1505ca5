/// The `twonode` command line: entry point, exit codes, failures.
///
/// [TwoNode] builds only the command that is named, because reading a command's annotations is most
/// of what a short command costs. A command runs on the main thread, writes data to the output
/// writer and everything else to the error writer of its [Environment], and ends by returning an
/// exit code or throwing a [Failure]. No command touches the process's own streams.
@NullMarked
package dev.twonode.cli;

import org.jspecify.annotations.NullMarked;
