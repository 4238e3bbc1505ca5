/// Breaks the rules on purpose.
@NullMarked
package dev.twonode.architecture.planted.node;

import org.jspecify.annotations.NullMarked;
