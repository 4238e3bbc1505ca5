package dev.twonode.simulation;

/// Says what goes wrong, call by call.
@FunctionalInterface
public interface FaultPlan {

    /// Nothing goes wrong.
    FaultPlan NONE = _ -> Fault.NONE;

    /// Asked once for each call on a store, its feeds, appenders and snapshots.
    ///
    /// @param call server and call, such as `b.fence`
    Fault at(String call);

    /// The nth call of all fails, no other does.
    ///
    /// @param nth 1 for the first call
    static FaultPlan nth(int nth, Fault fault) {
        int[] calls = {0};
        return _ -> ++calls[0] == nth ? fault : Fault.NONE;
    }
}
