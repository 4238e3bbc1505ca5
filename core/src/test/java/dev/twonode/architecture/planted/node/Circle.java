package dev.twonode.architecture.planted.node;

import dev.twonode.architecture.planted.protocol.Impure;

/// Closes a circle of packages.
public final class Circle {
    @Override
    public String toString() {
        return Impure.class.getName();
    }
}
