/// `twonode bench`: what the pair costs and how long writes stop, measured on real processes of
/// this machine. Every number is a count, a time against an aim, or a ratio to something measured
/// in the same run.
///
/// One thread drives, one writes. Nothing here changes how the agents run: what is measured is what
/// `twonode run` does with its defaults.
@NullMarked
package dev.twonode.cli.bench;

import org.jspecify.annotations.NullMarked;
