/// What one line of the log looks like in each format.
@NullMarked
package dev.twonode.logging;

import org.jspecify.annotations.NullMarked;
