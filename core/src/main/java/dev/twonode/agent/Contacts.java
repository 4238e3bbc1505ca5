package dev.twonode.agent;

/// What is looked at whenever a connection to one of the two servers stands anew.
record Contacts(JoinedCheck joined, OtherAgents others) implements AutoCloseable {

    void look() {
        others.look();
        joined.look();
    }

    @Override
    public void close() {
        joined.close();
    }
}
