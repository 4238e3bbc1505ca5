package dev.twonode.cli.rig;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What the nodes of a rig run on.
public enum Ground {
    /// Processes of this machine.
    LOCAL,
    /// Containers that Docker Compose runs.
    COMPOSE;

    /// As it is typed and remembered.
    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
