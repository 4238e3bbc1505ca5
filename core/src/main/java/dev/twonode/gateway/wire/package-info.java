/// The NATS client protocol as bytes: frames in, frames out, in both directions. Knows where a
/// message ends, what it is addressed to and what its headers say, and nothing of leaders, terms or
/// sequences.
///
/// A reader belongs to one thread; a writer may be used by several. Everything that a stranger can
/// send is bounded: the length of a control line, of a payload, and of what is buffered.
@NullMarked
package dev.twonode.gateway.wire;

import org.jspecify.annotations.NullMarked;
