package dev.twonode.protocol;

/// An operator's order to lead although writes may be lost (rule G5).
final class Force {

    private Force() {}

    static Transition promote(Moves moves, Settings settings, State state, Event.PromoteAsked ask) {
        Memory memory = state.memory();
        if (!memory.own().usable()) {
            return Moves.refuse(
                    state, ask.request(), Answer.Code.STORE_DOWN, "the own server does not answer");
        }
        if (memory.journal().resync()) {
            return Moves.refuse(
                    state,
                    ask.request(),
                    Answer.Code.NOT_IN_SYNC,
                    "a resync was interrupted: this node's content is incomplete");
        }
        Report peer = memory.peer().report();
        if (peer != null
                && peer.leads()
                && memory.now() - memory.peer().heardAt() < settings.timing().peerTimeout()) {
            return Moves.refuse(
                    state,
                    ask.request(),
                    Answer.Code.NOT_NEEDED,
                    "the peer leads and answers; use 'twonode stepdown' on it");
        }
        if (!ask.force() || !settings.node().value().equals(ask.confirm())) {
            return Transition.to(
                    state,
                    new Action.Reply(
                            ask.request(),
                            new Answer.WouldLose(
                                    peer == null ? 0 : peer.store().lastSeq(),
                                    memory.own().lastSeq(),
                                    peer == null ? -1 : memory.now() - memory.peer().heardAt())));
        }
        Transition promotion = moves.promote(memory, Reason.OPERATOR, Cause.FORCED);
        State.Promoting promoting = (State.Promoting) promotion.state();
        return new Transition(promoting.asked(ask.request()), promotion.actions());
    }
}
