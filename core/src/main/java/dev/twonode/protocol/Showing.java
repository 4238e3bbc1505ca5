package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Stage;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;

/// What the gateways of a node may do in a state: where requests go, and which answers may be shown
/// (rules C1, C2, C4).
public sealed interface Showing {

    /// No leader is known: requests wait, and nothing new is shown.
    record Nobody() implements Showing {}

    /// Somebody leads.
    ///
    /// @param term the term
    /// @param place whose server it is
    /// @param serverId the server process that the leader announced for its term (rule T2)
    /// @param commit the highest sequence that may be shown
    /// @param takesRequests whether requests go there now; false from the moment at which a
    ///   handover begins (rule H1)
    /// @param until monotonic time from which on nothing may be shown, unless this is renewed (C4)
    record Leader(
            Term term, Place place, String serverId, long commit, boolean takesRequests, long until)
            implements Showing {

        /// Whether anything may be shown at this time.
        public boolean shows(long now) {
            return now < until;
        }
    }

    /// Whose server leads.
    enum Place {
        OWN,
        PEER;

        /// Where the other server is.
        public Place other() {
            return this == OWN ? PEER : OWN;
        }
    }

    /// How the pair wants it.
    ///
    /// @param stopsAlone whether a leader that lost its follower without a word shows nothing until
    ///   it is back (`--when-alone=stop`)
    /// @param ahead how far beyond what is on both nodes may be shown: 0 with `--commit=both`
    record Policy(boolean stopsAlone, long ahead) {

        /// Nothing is shown that is not on both nodes; a leader alone serves.
        public static final Policy DEFAULT = new Policy(false, 0);
    }

    /// Whether both send requests the same way, so that they differ at most in what may be shown.
    default boolean isSameWayAs(Showing other) {
        return switch (this) {
            case Nobody _ -> other instanceof Nobody;
            case Leader(Term term, Place place, String id, _, boolean takes, _) ->
                    other instanceof Leader that
                            && that.term().equals(term)
                            && that.place() == place
                            && that.serverId().equals(id)
                            && that.takesRequests() == takes;
        };
    }

    /// What holds in a state.
    static Showing of(State state, Timing timing, Policy policy) {
        return switch (state) {
            case Leading leading -> leading(leading, timing, policy);
            case HandingOver handingOver ->
                    own(
                            handingOver.memory(),
                            handingOver.term(),
                            false,
                            heardUntil(handingOver, timing),
                            policy);
            case Following following -> following(following, policy);
            case Starting _, Joining _, Waiting _ -> heard(state.memory(), timing, policy);
            case Promoting _, Stopped _ -> new Nobody();
        };
    }

    /// Whoever says that it leads this pair does, as long as it is heard, even if this node has no
    /// stream to copy to: its clients are served by what was announced (C2). A leader whose term is
    /// older than the newest that owns messages here, or as new and another's, has slept or was cut
    /// off: it does not know what became of this node's requests, and would say that they failed.
    /// One that has not given up yet what this node's clients were shown meanwhile has other
    /// content there.
    private static Showing heard(Memory memory, Timing timing, Policy policy) {
        Report peer = memory.peer().report();
        if (peer == null
                || !peer.leads()
                || !isOfPair(memory, peer)
                || Conflict.withLeader(memory, peer)) {
            return new Nobody();
        }
        Term term = peer.term();
        String server = peer.store().serverId();
        return term == null || server == null || !isNewest(memory, term)
                ? new Nobody()
                : new Leader(
                        term,
                        Place.PEER,
                        server,
                        peer.store().commitSeq() + policy.ahead(),
                        true,
                        memory.peer().heardAt() + timing.peerTimeout() - timing.heartbeat());
    }

    private static boolean isNewest(Memory memory, Term term) {
        boolean sameNumber =
                memory.journal()
                        .history()
                        .last()
                        .filter(last -> !last.equals(term) && last.number() == term.number())
                        .isPresent();
        return !sameNumber && !memory.hasLedSince(term.number());
    }

    private static boolean isOfPair(Memory memory, Report peer) {
        String pair = memory.journal().pairId();
        return pair != null && pair.equals(peer.sender().pairId());
    }

    /// Whether a leader lost its follower without a word in a pair that wants it to show nothing
    /// until that one is back.
    static boolean isStoppedAlone(Leading state, Timing timing, Policy policy) {
        Memory memory = state.memory();
        return policy.stopsAlone()
                && switch (state.mode()) {
                    case Mode.BOTH ->
                            memory.now() - memory.peer().heardAt() >= timing.peerTimeout();
                    case Mode.ALONE -> !state.reason().hasPeersWord();
                };
    }

    /// A leader alone shows nothing before its stream was read after a sleep: the other node may
    /// have fenced it meanwhile, and lead (rule G4).
    private static Showing leading(Leading state, Timing timing, Policy policy) {
        long until =
                switch (state.mode()) {
                    case Mode.BOTH -> heardUntil(state, timing);
                    case Mode.ALONE ->
                            isStoppedAlone(state, timing, policy) || !state.memory().own().usable()
                                    ? Long.MIN_VALUE
                                    : Long.MAX_VALUE;
                };
        return own(state.memory(), state.term(), true, until, policy);
    }

    /// Rule C4: the peer may count this node as gone from its time-out on, less one heartbeat for
    /// the message that was on its way.
    private static long heardUntil(State state, Timing timing) {
        return state.memory().peer().heardAt() + timing.peerTimeout() - timing.heartbeat();
    }

    private static Showing own(
            Memory memory, Term term, boolean takesRequests, long until, Policy policy) {
        String server = memory.own().serverId();
        return server == null
                ? new Nobody()
                : new Leader(
                        term,
                        Place.OWN,
                        server,
                        memory.commit() + ahead(memory, policy),
                        takesRequests,
                        until);
    }

    /// Rule J2: nothing is shown above the journalled ceiling.
    private static long ahead(Memory memory, Policy policy) {
        long room = memory.journal().ceiling() - memory.commit();
        return Math.clamp(room, 0, policy.ahead());
    }

    /// Rule C2: what the leader announced for this term, and what this node copied in it.
    private static Showing following(Following state, Policy policy) {
        Memory memory = state.memory();
        Report leader = memory.peer().report();
        String server = state.session().leaderServer();
        if (server.isEmpty()) {
            return new Nobody();
        }
        boolean handsOver = leader != null && leader.role() == Role.HANDING_OVER;
        long announced =
                leader != null && state.term().equals(leader.term())
                        ? leader.store().commitSeq()
                        : 0;
        long copied = state.session().stage() == Stage.TAILING ? memory.own().lastSeq() : 0;
        return new Leader(
                state.term(),
                Place.PEER,
                server,
                Math.max(announced, copied) + policy.ahead(),
                !handsOver,
                Long.MAX_VALUE);
    }
}
