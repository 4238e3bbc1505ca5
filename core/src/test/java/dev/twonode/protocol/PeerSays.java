package dev.twonode.protocol;

import dev.twonode.protocol.Report.Pact;
import dev.twonode.protocol.Report.Sender;
import dev.twonode.protocol.Report.Shown;
import dev.twonode.protocol.Report.Standing;
import dev.twonode.protocol.Report.StoreReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Builds the report of a peer: what the test does not say is unremarkable.
final class PeerSays {

    private final Role role;
    private NodeName node = Scenario.B;
    private @Nullable String pair = Scenario.PAIR;
    private String process = "b1";
    private @Nullable Term term;
    private @Nullable Term claim;
    private TermHistory history = TermHistory.EMPTY;
    private long highest;
    private long lastSeq;
    private long commit;
    private @Nullable Long messages;
    private @Nullable Position position;
    private boolean designated;
    private boolean alone;
    private boolean unknown;
    private boolean usable = true;
    private String server = "server-b1";
    private @Nullable Consent consent;
    private long ask;
    private long told;
    private boolean inSync;
    private long copy;
    private boolean leave;
    private long ceiling;
    private long ahead;
    private @Nullable Jump jump;
    private Origin origin = Origin.NONE;
    private @Nullable List<Term> unshown = List.of();
    private @Nullable Refusal refusal;

    private PeerSays(Role role) {
        this.role = role;
    }

    static PeerSays says(Role role) {
        return new PeerSays(role);
    }

    static PeerSays joining(TermHistory history, long lastSeq) {
        return says(Role.JOINING).holding(history, lastSeq);
    }

    static PeerSays leading(Term term, TermHistory history, long lastSeq) {
        PeerSays it = says(Role.LEADING).holding(history, lastSeq);
        it.term = term;
        it.position = new Position(term.number(), lastSeq);
        return it.highest(term.number());
    }

    static PeerSays handingOver(Term term, TermHistory history, long lastSeq) {
        PeerSays it = says(Role.HANDING_OVER).holding(history, lastSeq);
        it.term = term;
        return it.highest(term.number());
    }

    static PeerSays following(Term term, TermHistory history, long lastSeq) {
        PeerSays it = says(Role.FOLLOWING).holding(history, lastSeq);
        it.term = term;
        return it.highest(term.number());
    }

    static PeerSays claiming(Term claim, TermHistory history, long lastSeq) {
        PeerSays it = says(Role.PROMOTING).holding(history, lastSeq);
        it.claim = claim;
        return it.highest(claim.number());
    }

    PeerSays holding(TermHistory terms, long last) {
        history = terms;
        lastSeq = last;
        return highest(terms.last().map(Term::number).orElse(0L));
    }

    PeerSays from(NodeName name) {
        node = name;
        return this;
    }

    PeerSays pair(@Nullable String value) {
        pair = value;
        return this;
    }

    PeerSays process(String value) {
        process = value;
        return this;
    }

    PeerSays server(String value) {
        server = value;
        return this;
    }

    PeerSays highest(long number) {
        highest = Math.max(highest, number);
        return this;
    }

    PeerSays counted(long count) {
        messages = count;
        return this;
    }

    PeerSays designated() {
        designated = true;
        return this;
    }

    PeerSays alone() {
        alone = true;
        return this;
    }

    PeerSays unknownContent() {
        unknown = true;
        position = Position.NONE;
        return this;
    }

    PeerSays withoutStore() {
        usable = false;
        return this;
    }

    PeerSays committed(long sequence) {
        commit = sequence;
        return this;
    }

    PeerSays ceiling(long sequence) {
        ceiling = sequence;
        return this;
    }

    /// Its gateways show so far beyond the commit sequence.
    PeerSays ahead(long sequences) {
        ahead = sequences;
        return this;
    }

    PeerSays jumped(Jump value) {
        jump = value;
        return this;
    }

    PeerSays consenting(long number, NodeName who, long end, long counter) {
        consent = new Consent(number, who, end, counter);
        return highest(number);
    }

    PeerSays asking(long counter) {
        ask = counter;
        return this;
    }

    PeerSays telling(long counter) {
        told = counter;
        return this;
    }

    PeerSays inSync() {
        inSync = true;
        return this;
    }

    PeerSays copying(long number) {
        copy = number;
        return this;
    }

    /// Its stream is a copy of what that server process took in, made while it followed that term.
    PeerSays copied(String from, long term) {
        origin = Origin.NONE.copying(from, term);
        return this;
    }

    PeerSays askingToLeave() {
        leave = true;
        return this;
    }

    /// It took over in sync from the leader of that term, of which it held nothing.
    PeerSays unshown(Term value) {
        unshown = List.of(value);
        return this;
    }

    /// It knows no terms of which nothing was shown.
    PeerSays earlierVersion() {
        unshown = null;
        return this;
    }

    /// What its clients meet at the leader's server.
    PeerSays refused(Refusal value) {
        refusal = value;
        return this;
    }

    Report at(long counter) {
        Position standing = Objects.requireNonNullElse(position, history.positionAt(lastSeq));
        return new Report(
                new Sender(pair, node, process, counter),
                role,
                term,
                claim,
                new Standing(
                        history, highest, standing, designated, alone, unknown, origin, unshown),
                new StoreReport(usable, server, lastSeq == 0 ? 0 : 1, lastSeq, commit, messages),
                new Pact(consent, ask, told, inSync, lastSeq, copy, leave),
                new Shown(ceiling, ahead, jump),
                refusal);
    }
}
