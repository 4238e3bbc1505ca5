/// Tests of the command line, each through the real entry point.
@NullMarked
package dev.twonode.cli;

import org.jspecify.annotations.NullMarked;
