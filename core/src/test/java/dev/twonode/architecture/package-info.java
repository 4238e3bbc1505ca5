/// The rules that keep the project readable, run as tests: which package may use which, how long
/// files, methods and lines may be, which words and calls are not used here and what to use
/// instead.
///
/// Rules on sources read the files of all modules; rules on classes look at this module's. Each
/// rule is itself tested with a planted violation, so that a rule that finds nothing has looked.
@NullMarked
package dev.twonode.architecture;

import org.jspecify.annotations.NullMarked;
