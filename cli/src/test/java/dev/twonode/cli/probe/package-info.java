/// Tests of the writer and of the judgement on what it wrote.
@NullMarked
package dev.twonode.cli.probe;

import org.jspecify.annotations.NullMarked;
