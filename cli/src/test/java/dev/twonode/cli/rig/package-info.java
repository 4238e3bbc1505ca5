/// Tests of the processes and the folder of a pair.
@NullMarked
package dev.twonode.cli.rig;

import org.jspecify.annotations.NullMarked;
