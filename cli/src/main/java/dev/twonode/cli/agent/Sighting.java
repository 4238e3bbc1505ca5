package dev.twonode.cli.agent;

/// What was found at one address.
public sealed interface Sighting {

    /// Where we looked.
    String address();

    /// Its agent answered.
    record Seen(String address, AgentState state) implements Sighting {}

    /// Its agent did not answer.
    record Unseen(String address, Reply.Failed failure) implements Sighting {}
}
