package dev.twonode.node;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Position;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.util.List;

/// What a leader says that is copied from.
final class LeaderReports {

    static final Term TERM = new Term(2, new NodeName("a"), 1);
    static final TermHistory TERMS = new TermHistory(List.of(TERM));

    private LeaderReports() {}

    /// Node a leads in term 2.
    static Report of(String serverId) {
        return new Report(
                new Report.Sender("pair", TERM.leader(), "a1", 1),
                Role.LEADING,
                TERM,
                null,
                new Report.Standing(TERMS, 2, new Position(2, 1), false, true, false, null, null),
                new Report.StoreReport(true, serverId, 1, 1, 1, 1L),
                new Report.Pact(null, 0, 0, false, 0, 0, false),
                null,
                null);
    }
}
