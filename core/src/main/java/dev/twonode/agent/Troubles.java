package dev.twonode.agent;

import dev.twonode.node.CopyTrouble;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.State;
import java.util.Optional;
import java.util.stream.Stream;

/// What goes wrong in the parts of an agent while it decides as it should.
///
/// @param copy why copying stopped last, empty when it goes on
/// @param open why the own stream could not be opened last, empty when it could
/// @param store why the own server refused the last call on the stream, empty when it did not
/// @param refusal what the leader's server said when it did not store the newest write
/// @param stoppedAlone whether this leader shows nothing until its follower is back
/// @param links what goes wrong with the connections
record Troubles(
        Optional<CopyTrouble> copy,
        String open,
        String store,
        Optional<Refusal> refusal,
        boolean stoppedAlone,
        Links links) {

    static final Troubles NONE =
            new Troubles(Optional.empty(), "", "", Optional.empty(), false, Links.FINE);

    /// Why a leader's own server stores nothing, as far as the clients of either gateway found out.
    Optional<String> readOnly(State.Leading leading) {
        Report peer = leading.memory().peer().report();
        return Stream.of(refusal, Optional.ofNullable(peer).map(Report::refusal))
                .flatMap(Optional::stream)
                .filter(it -> it.term().equals(leading.term()))
                .map(Refusal::why)
                .findFirst();
    }
}
