/// Which parts of the command line may use what.
@NullMarked
package dev.twonode.cli.architecture;

import org.jspecify.annotations.NullMarked;
