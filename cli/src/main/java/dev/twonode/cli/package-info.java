/// The command line: parsing, output, exit codes.
@NullMarked
package dev.twonode.cli;

import org.jspecify.annotations.NullMarked;
