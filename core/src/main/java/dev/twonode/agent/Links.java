package dev.twonode.agent;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Dialed;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What goes wrong with the connections to the two servers.
///
/// @param own why the own server was not reached last, empty when it is
/// @param peer why the peer's was not
/// @param astray that the peer is heard while its server is not where it is looked for
/// @param denials what either does not let this agent do
record Links(
        Optional<Dialed.Failed> own,
        Optional<Dialed.Failed> peer,
        Optional<PeerLinkWatch.Astray> astray,
        List<Denial> denials) {

    static final Links FINE =
            new Links(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /// What the server answered that has to be put right by somebody, empty when it is just not
    /// there.
    static Optional<String> unsuitable(Optional<Dialed.Failed> outcome) {
        return outcome.filter(Dialed.Unsuitable.class::isInstance).map(Dialed.Failed::why);
    }

    /// What is missing at each server and how to grant it there, as sentences.
    String missing() {
        return denials.stream()
                .map(Denial::url)
                .distinct()
                .flatMap(this::missingAt)
                .collect(Collectors.joining(" "));
    }

    private Stream<String> missingAt(String url) {
        List<Denial> there = denials.stream().filter(it -> it.url().equals(url)).toList();
        return Stream.concat(
                Stream.of(there.getFirst().problem() + "."),
                there.stream().map(Denial::instruction));
    }
}
