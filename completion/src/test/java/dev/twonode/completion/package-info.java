/// Tests of the completion scripts in the shells themselves.
@NullMarked
package dev.twonode.completion;

import org.jspecify.annotations.NullMarked;
