package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import java.util.List;
import java.util.Optional;

/// Both nodes as far as they could be asked at one moment.
///
/// @param sightings the nodes that were asked, the one that was named first; one or more
public record Pair(List<Sighting> sightings) {

    public Pair {
        sightings = List.copyOf(sightings);
        if (sightings.isEmpty()) {
            throw new IllegalArgumentException("nobody was asked");
        }
    }

    /// The node that was named.
    public Sighting asked() {
        return sightings.getFirst();
    }

    /// The nodes whose agents answered.
    public List<Seen> seen() {
        return sightings.stream().filter(Seen.class::isInstance).map(Seen.class::cast).toList();
    }

    /// The nodes whose agents did not.
    public List<Unseen> unseen() {
        return sightings.stream().filter(Unseen.class::isInstance).map(Unseen.class::cast).toList();
    }

    /// The node that leads; of several the one in the highest term.
    public Optional<Seen> leader() {
        return seen().stream()
                .filter(seen -> seen.state().isLeader())
                .max((a, b) -> Long.compare(a.state().term(), b.state().term()));
    }

    /// The other node of a seen one, if it answered too.
    public Optional<Seen> peerOf(Seen node) {
        return seen().stream().filter(other -> !other.equals(node)).findFirst();
    }

    /// The node that speaks for one whose agent did not answer: its peer. Beside two nodes that did
    /// an address is nobody's.
    public Optional<Seen> speakerFor(Unseen node) {
        if (seen().size() != 1) {
            return Optional.empty();
        }
        Seen only = seen().getFirst();
        boolean isPeer = only.state().peer().url().equals(node.address());
        return sightings.size() == 2 || isPeer ? Optional.of(only) : Optional.empty();
    }
}
