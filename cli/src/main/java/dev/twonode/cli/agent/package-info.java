/// The way to the agents: one request and every way in which it can go wrong, what an agent says of
/// itself, and what both nodes together look like.
///
/// Outcomes are values. The client is used by one thread. Only [AgentClients] knows that NATS is
/// underneath. What the agents answer is never trusted to be complete: an older or newer agent
/// leaves fields out.
@NullMarked
package dev.twonode.cli.agent;

import org.jspecify.annotations.NullMarked;
