/// A writer that proves what a pair of nodes promises: it writes numbered values in kine's own way
/// to whichever node leads, all the time, and remembers in a file what was acknowledged; a reader
/// of that file compares it with the stream and with the clock.
///
/// The writer is one thread that writes and one per node that watches. The file is append-only and
/// may be read while it is written. Nothing here trusts an agent's word about what is stored.
@NullMarked
package dev.twonode.cli.probe;

import org.jspecify.annotations.NullMarked;
