package dev.twonode.cli.demo;

import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import java.util.function.Supplier;

/// What the demo's folder remembers: read once, written at every change.
final class Ledger {

    private final RigFolder folder;
    private RigState state;

    /// @param fresh makes what holds when the folder remembers nothing
    Ledger(RigFolder folder, Supplier<RigState> fresh) {
        this.folder = folder;
        this.state = folder.read().orElseGet(fresh);
    }

    RigFolder folder() {
        return folder;
    }

    RigState state() {
        return state;
    }

    /// Remembers a change of one node.
    RigState change(RigState.Node node) {
        return change(state.with(node));
    }

    /// Remembers a change.
    RigState change(RigState changed) {
        folder.write(changed);
        state = changed;
        return changed;
    }

    /// Begins anew. The folder learns of it with the first change.
    void begin(RigState fresh) {
        state = fresh;
    }
}
