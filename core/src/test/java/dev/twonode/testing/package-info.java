/// Fixtures that tests of every module share: real servers, and waiting with a bound. Each fixture
/// belongs to the one test that made it and is closed by it; processes that a test leaves behind
/// die with its virtual machine. Knows nothing of the product's own code.
@NullMarked
package dev.twonode.testing;

import org.jspecify.annotations.NullMarked;
