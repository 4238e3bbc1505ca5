package dev.twonode.simulation;

/// Lets a process die at the so many-th of the places at which it may.
final class Doom {

    private long left;

    void in(long places) {
        left = places;
    }

    void lift() {
        left = 0;
    }

    /// Passes one of the places.
    ///
    /// @return whether the process dies here
    boolean strikes() {
        return left > 0 && --left == 0;
    }
}
