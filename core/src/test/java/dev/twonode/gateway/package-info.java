/// The gateway without agents: what it knows of messages, and how it stands up to bad company.
@NullMarked
package dev.twonode.gateway;

import org.jspecify.annotations.NullMarked;
