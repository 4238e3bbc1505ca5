/// The parts of a running node, each with stand-ins for the others.
@NullMarked
package dev.twonode.node;

import org.jspecify.annotations.NullMarked;
