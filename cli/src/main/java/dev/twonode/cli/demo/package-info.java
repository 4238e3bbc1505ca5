/// `twonode demo`: a pair of real servers and agents on this machine that are started, killed and
/// swapped step by step, while a writer proves what was lost and how long writes stopped.
///
/// Each step is one command, holds the folder's lock, and may be typed in any terminal, again and
/// again. A step that does not come to its end takes back what it started. Nothing here knows how
/// the protocol works: it asks the agents and reads the streams.
@NullMarked
package dev.twonode.cli.demo;

import org.jspecify.annotations.NullMarked;
