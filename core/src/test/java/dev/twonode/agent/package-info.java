/// Whole agents on real servers.
@NullMarked
package dev.twonode.agent;

import org.jspecify.annotations.NullMarked;
