/// Tests of the demo, with real servers and agents where the name ends in `IT`.
@NullMarked
package dev.twonode.cli.demo;

import org.jspecify.annotations.NullMarked;
