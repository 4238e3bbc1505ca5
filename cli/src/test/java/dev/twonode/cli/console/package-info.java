/// Tests of what the terminal gets.
@NullMarked
package dev.twonode.cli.console;

import org.jspecify.annotations.NullMarked;
