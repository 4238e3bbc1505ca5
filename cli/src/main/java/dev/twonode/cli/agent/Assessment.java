package dev.twonode.cli.agent;

import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import dev.twonode.cli.agent.Warning.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What is wrong with a pair, the worst first.
///
/// @param pair what was seen
/// @param warnings what is wrong; empty when all is well
public record Assessment(Pair pair, List<Warning> warnings) {

    public Assessment {
        warnings = List.copyOf(warnings);
    }

    /// Judges a pair.
    public static Assessment of(Pair pair) {
        List<Warning> warnings = new ArrayList<>();
        for (Unseen unseen : pair.unseen()) {
            warnings.add(AbsenceCheck.of(unseen, pair));
        }
        for (Seen seen : pair.seen()) {
            warnings.addAll(new NodeCheck(seen, pair).warnings());
        }
        if (!pair.seen().isEmpty()) {
            warnings.addAll(new PairCheck(pair).warnings());
        }
        warnings.sort(Comparator.comparing(Warning::severity).reversed());
        return new Assessment(pair, warnings);
    }

    /// The worst severity, empty when nothing is wrong.
    public Optional<Severity> worst() {
        return warnings.stream().map(Warning::severity).max(Comparator.naturalOrder());
    }

    /// One word for the whole: `ok`, `degraded`, `critical` or `diverged`.
    public String state() {
        Severity worst = worst().orElse(Severity.NOTE);
        return worst.isFine() ? "ok" : worst.toString();
    }
}
