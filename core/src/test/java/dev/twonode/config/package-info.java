/// Every setting's default, source and refusal.
@NullMarked
package dev.twonode.config;

import org.jspecify.annotations.NullMarked;
