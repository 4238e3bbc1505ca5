package dev.twonode.agent;

import dev.twonode.gateway.Refusal;
import dev.twonode.node.CopyTrouble;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.State;
import java.util.Optional;

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

    /// Why a leader's own server stores nothing, as far as is known.
    Optional<String> readOnly(State.Leading leading) {
        return refusal.filter(it -> it.place() == Showing.Place.OWN)
                .filter(it -> it.term() == leading.term().number())
                .map(Refusal::why);
    }
}
