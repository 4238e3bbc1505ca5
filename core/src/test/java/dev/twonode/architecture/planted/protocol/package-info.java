/// Breaks the rules on purpose.
@NullMarked
package dev.twonode.architecture.planted.protocol;

import org.jspecify.annotations.NullMarked;
