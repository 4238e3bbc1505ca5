/// Suites that a port's simulated and real implementation both pass. If they did not, the
/// simulation would prove nothing.
@NullMarked
package dev.twonode.contract;

import org.jspecify.annotations.NullMarked;
