/// The protocol's bytes, whole and cut, good and bad.
@NullMarked
package dev.twonode.gateway.wire;

import org.jspecify.annotations.NullMarked;
