/// The terminal: which streams are one, how wide it is, colours, questions, and the screen of
/// `status --watch`.
///
/// One-shot commands use only the parts that cost nothing; the screen alone loads jline, because
/// building a jline terminal probes the terminal and waits for its answers. Everything here runs on
/// the command's thread. Nothing here knows what a node or a term is.
@NullMarked
package dev.twonode.cli.console;

import org.jspecify.annotations.NullMarked;
