package dev.twonode.cli.demo;

import java.util.List;

/// What the nodes of a demo run on, and how they are started, ended and looked at there.
interface Backend {

    /// One of the programs of a node, and what has become of it.
    record Part(String name, String state) {}

    /// Starts what does not run yet of a node, and notes in [Undo] how to take it back.
    void bringUp(String node);

    /// Starts what does not run yet of a node and needs a leader: a kine, and a Kubernetes on it.
    void bringUpBeside(String node);

    /// Looks whether the kine of a node is still the process that it was, where it has one.
    boolean kineWentOn(String node);

    /// Ends all of a node at once, as a power cut would. No interruption cuts it in two.
    void kill(String node);

    /// Ends all of a node in order, the agent before its server.
    void end(String node);

    /// Ends everything at once, and removes what is not in the demo's folder.
    void erase();

    /// Whether the server and the agent of a node run.
    boolean isUp(String node);

    /// Whether anything of either node runs.
    boolean anythingRuns();

    /// The programs of a node, in the order in which they are started.
    List<Part> parts(String node);

    /// The end of what a node's agent printed, for an error message.
    String lastWords(String node);

    /// How to see what a node's server printed.
    String serverLog(String node);

    /// What a person types to see more of a node than its stream and its agent.
    List<String> views(String node);

    /// Looks whether what was given to Kubernetes to run is known to a node, where there is a
    /// Kubernetes.
    boolean knowsWorkload(String node);
}
