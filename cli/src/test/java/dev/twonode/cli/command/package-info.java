/// Tests of the commands, one class for each.
@NullMarked
package dev.twonode.cli.command;

import org.jspecify.annotations.NullMarked;
