/// The log of an agent: `System.Logger` in front, `java.util.logging` behind, a line per event on
/// standard error with fields that programs can read.
///
/// [Log] is the way to say something with fields, [LogSetup] chooses form and level once per
/// process, [RateLimit] keeps a repeated warning from filling the disk. Nothing here decides what
/// is worth a line, and nothing here is used by `protocol`.
///
/// Threads: everything may be used from any thread; a line is written whole or not at all.
@NullMarked
package dev.twonode.logging;

import org.jspecify.annotations.NullMarked;
