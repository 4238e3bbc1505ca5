/// Decides, and does nothing else: `step(State, Event)` gives the next state and the actions to
/// carry out. No clock, thread, socket, logger or randomness.
@NullMarked
package dev.twonode.protocol;

import org.jspecify.annotations.NullMarked;
