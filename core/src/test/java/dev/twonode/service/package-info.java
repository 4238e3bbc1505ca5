/// What the agent tells the supervisor that started it, and how it ends.
@NullMarked
package dev.twonode.service;

import org.jspecify.annotations.NullMarked;
