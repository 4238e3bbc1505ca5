/// The agent beside one NATS server: the subjects that it serves, what it says to its peer and to
/// operators, and the wiring of all parts.
///
/// Handlers run on threads of their own and only post events or read what the deciding thread
/// published; nothing here decides. [Agent] is the one place where the NATS adapters are created.
@NullMarked
package dev.twonode.agent;

import org.jspecify.annotations.NullMarked;
