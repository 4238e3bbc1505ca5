/// Copies the leader's stream sequence by sequence, resyncs from a snapshot and exports orphans.
///
/// Only the follower copies. A session goes: [Comparison] (moves the own fence, finds the way),
/// then [Tail], or [Resync] and a new comparison; [Drain] takes the rest from a silent leader's
/// server. The state machine orders these steps and journals between them; nothing here decides who
/// leads.
///
/// Blocking code for virtual threads, ended by an interrupt. It knows streams only through [Store],
/// time only through what it is given, and writes only below the state folder. It never opens a
/// stream, never logs, and deletes a stream only after its content was proven to be elsewhere.
@NullMarked
package dev.twonode.replication;

import org.jspecify.annotations.NullMarked;
