/// Carries out what the protocol decides: one inbox and one thread that steps the machine, a runner
/// for its actions, and what outlives the process in the state folder ([StateFolder],
/// [JournalFile], [EventLog]).
///
/// Threads: events come from any thread through the inbox; the machine and the files of the state
/// folder belong to the thread that decides. The state folder's classes keep no lock of their own.
///
/// Nothing here decides who leads, and nothing here speaks NATS.
@NullMarked
package dev.twonode.node;

import org.jspecify.annotations.NullMarked;
