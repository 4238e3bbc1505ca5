/// A pair of real nodes on this machine, for the demo and the benchmark: the folder that remembers
/// them, the server and agent processes, and what each says of itself.
///
/// Processes outlive the command that started them and are found again by process id *and* start
/// mark. Whoever changes the folder holds its lock. Nothing here decides about leadership, and
/// nothing is ever signalled that this folder did not start.
@NullMarked
package dev.twonode.cli.rig;

import org.jspecify.annotations.NullMarked;
