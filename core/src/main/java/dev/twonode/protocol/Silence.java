package dev.twonode.protocol;

/// When silence of the peer counts as proof that its agent does not run (rules G1, G2, A1).
final class Silence {

    private final Timing timing;

    Silence(Timing timing) {
        this.timing = timing;
    }

    /// Whether it is time to look for proof: the own server must answer, and the peer's agent must
    /// not answer through its own server, both begun at two thirds of the time-out. After a sleep
    /// the question tells what is said now from what waited meanwhile.
    boolean mustAsk(Memory memory) {
        Peer peer = memory.peer();
        boolean again = memory.now() - peer.askedAt() >= timing.pause();
        if (peer.heardAt() == Own.NEVER) {
            return peer.report() != null && again;
        }
        return memory.now() - peer.heardAt() >= timing.doubt()
                && (again || peer.askedAt() < peer.heardAt());
    }

    /// Asks for proof: the own server for a round trip, the peer's agent for its state.
    Transition ask(State state) {
        Memory memory = state.memory().counted();
        long read = memory.counter();
        memory = memory.counted();
        memory = memory.with(memory.peer().asked(memory.now()));
        return Transition.to(
                state.with(memory), new Action.ReadOwn(read), new Action.AskPeer(memory.counter()));
    }

    /// Whether a follower's node is gone: its server process has ended, and its agent, which has a
    /// way of its own to this node's server, was not heard for a third of the time-out.
    ///
    /// The ended process takes with it that the follower is in sync (rule F2). So whatever its
    /// agent is doing, it cannot take the lead until this node has told it so again.
    boolean ended(Memory memory) {
        Peer peer = memory.peer();
        return peer.link() == Peer.Link.REFUSED
                && peer.heardAt() != Own.NEVER
                && memory.now() - peer.heardAt() >= timing.pause()
                && memory.own().answeredAt() >= peer.heardAt();
    }

    /// What a leader that counts on its follower still knows after it did not run: nothing that it
    /// heard before (rule G4).
    Memory woken(Memory memory, Event.Ticked tick) {
        return tick.slept() > timing.pause()
                ? memory.with(memory.peer().silentSince(Own.NEVER))
                : memory;
    }

    /// Whether the peer's agent is gone.
    boolean proven(Memory memory) {
        Peer peer = memory.peer();
        long heard = peer.heardAt();
        return heard != Own.NEVER
                && memory.now() - heard >= timing.peerTimeout()
                && memory.own().answeredAt() >= heard + timing.doubt()
                && peer.unansweredAt() >= heard + timing.doubt();
    }
}
