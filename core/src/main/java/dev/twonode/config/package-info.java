/// What an agent is told to do: every setting with its default in [Setting], read from flags, the
/// environment, a NATS context, YAML files and the defaults, in this order, into one immutable
/// [Config].
///
/// [ConfigLoader] reports every problem at once, each with where the value came from and what to
/// do. Nothing here starts anything, opens a connection or looks at the world by itself: what the
/// process sees of its machine comes in as [Surroundings]. Secrets never appear in a `toString` or
/// in printed settings.
///
/// Threads: everything is immutable, or used by one thread while it loads.
@NullMarked
package dev.twonode.config;

import org.jspecify.annotations.NullMarked;
