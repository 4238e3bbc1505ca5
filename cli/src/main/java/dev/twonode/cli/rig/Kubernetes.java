package dev.twonode.cli.rig;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The Kubernetes that runs on the kine of each node.
public enum Kubernetes {
    /// K3s or an API server, where one is on this machine; else none.
    AUTO,
    /// K3s, without its kubelet: two of those on one machine would be in each other's way.
    K3S,
    /// An API server and a controller manager, which keep and show objects but run no pods.
    APISERVER,
    /// None.
    NONE;

    /// As it is typed and remembered.
    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
