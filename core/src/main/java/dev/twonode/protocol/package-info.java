/// Decides, and does nothing else: `step(State, Event)` gives the next state and the actions to
/// carry out. No clock, thread, socket, logger or randomness.
///
/// Everything here is immutable and may be used from any thread. Time comes in with each event; the
/// same state and event give the same result on every run, which the simulation relies on.
@NullMarked
package dev.twonode.protocol;

import org.jspecify.annotations.NullMarked;
