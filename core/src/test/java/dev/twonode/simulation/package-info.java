/// A world that can be played again from a seed: servers with streams that behave as JetStream's do
/// where it matters, and stores that fail when a plan says so.
///
/// Nothing here waits, reads a clock, starts a thread or draws numbers but from what it is given.
/// What is simulated passes the same contract suite as the real thing.
@NullMarked
package dev.twonode.simulation;

import org.jspecify.annotations.NullMarked;
