/// Tests of tables, texts and trees.
@NullMarked
package dev.twonode.cli.output;

import org.jspecify.annotations.NullMarked;
