/// The adapters against real servers.
@NullMarked
package dev.twonode.nats;

import org.jspecify.annotations.NullMarked;
