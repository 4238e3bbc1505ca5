/// The state machine's rules, each held up by a scenario of one or two nodes without any world.
@NullMarked
package dev.twonode.protocol;

import org.jspecify.annotations.NullMarked;
