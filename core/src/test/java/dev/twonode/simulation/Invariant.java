package dev.twonode.simulation;

import java.util.Optional;

/// Something that must be true after every event. One object watches one simulation and may
/// remember what it saw.
interface Invariant {

    /// Looks at the two nodes.
    ///
    /// @return what is wrong, empty when nothing is
    Optional<String> check(Cluster cluster);

    /// Its name in a failure.
    default String name() {
        return getClass().getSimpleName();
    }
}
