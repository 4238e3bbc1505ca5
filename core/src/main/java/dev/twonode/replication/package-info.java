/// Copies the leader's stream sequence by sequence, resyncs from a snapshot and exports orphans.
/// Blocking code on virtual threads that knows streams only through [Store].
@NullMarked
package dev.twonode.replication;

import org.jspecify.annotations.NullMarked;
