/// Breaks every rule of the architecture once, so that each rule can be seen to find something.
@NullMarked
package dev.twonode.architecture.planted;

import org.jspecify.annotations.NullMarked;
