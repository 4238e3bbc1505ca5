/// Tests of the copy work on simulated servers.
@NullMarked
package dev.twonode.replication;

import org.jspecify.annotations.NullMarked;
