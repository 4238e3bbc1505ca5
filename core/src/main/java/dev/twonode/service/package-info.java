/// The agent as a service of its operating system: the signals that end it, and what it tells
/// systemd. Neither knows what an agent does.
///
/// Threads: signals arrive on threads of the runtime and are handed to one of their own at once;
/// [SystemdNotifier] may be used from any thread and never blocks.
@NullMarked
package dev.twonode.service;

import org.jspecify.annotations.NullMarked;
