/// Breaks the rules on purpose.
@NullMarked
package dev.twonode.architecture.planted.replication;

import org.jspecify.annotations.NullMarked;
