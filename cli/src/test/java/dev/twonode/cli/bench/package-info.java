/// Tests of what the benchmark makes of its measurements.
@NullMarked
package dev.twonode.cli.bench;

import org.jspecify.annotations.NullMarked;
