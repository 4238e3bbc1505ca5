/// Runs the launcher script, first by itself with programs that stand in for a JDK, then as it is
/// in the folder tree that the build leaves.
@NullMarked
package dev.twonode.cli.launcher;

import org.jspecify.annotations.NullMarked;
