package dev.twonode.architecture.planted.replication;

import dev.twonode.config.ConfigLoader;

/// Uses what is made of it.
public final class Upwards {
    @Override
    public String toString() {
        return ConfigLoader.class.getName();
    }
}
