/// The port through which agents talk: subjects on one NATS server, without a word about the client
/// library. The `nats` package implements it with real connections, tests and the simulation with
/// queues.
///
/// Calls may come from any thread and block at most as long as they say. Handlers of one
/// subscription are called one after the other; a slow one delays only its own subscription.
/// Nothing here decides anything, and nothing is retried or kept for later: what cannot be sent now
/// is not sent.
@NullMarked
package dev.twonode.messaging;

import org.jspecify.annotations.NullMarked;
