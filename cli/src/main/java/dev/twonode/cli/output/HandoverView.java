package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the lead went from one node to the other, or would go.
///
/// @param done whether it happened
/// @param from who led
/// @param fromTerm its term
/// @param to who leads now
/// @param toTerm the new term, 0 while it is only planned
/// @param handoverSeq last sequence of the old term, -1 when unknown
/// @param heldMs how long writes were held, -1 when unknown
/// @param toPaused whether an operator had paused the new leader, null when it did not say
public record HandoverView(
        boolean done,
        String from,
        long fromTerm,
        String to,
        long toTerm,
        long handoverSeq,
        long heldMs,
        @Nullable Boolean toPaused)
        implements View {

    /// What would happen now.
    public static HandoverView planned(AgentState leader, String peer) {
        return new HandoverView(
                false, leader.node(), leader.term(), peer, 0, leader.latestSeq(), -1, null);
    }

    /// The same with what is known of the node that gets the lead.
    public HandoverView to(@Nullable Boolean paused) {
        return new HandoverView(done, from, fromTerm, to, toTerm, handoverSeq, heldMs, paused);
    }

    /// What happened.
    ///
    /// @param leader the old leader before
    /// @param answer its answer
    public static HandoverView done(AgentState leader, ObjectNode answer) {
        return new HandoverView(
                true,
                leader.node(),
                leader.term(),
                Texts.printable(answer.path("leader").asText("")),
                answer.path("term").asLong(),
                answer.path("handoverSeq").asLong(-1),
                answer.path("heldMs").asLong(-1),
                null);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("done", done);
        json.put("from", from);
        json.put("fromTerm", fromTerm);
        json.put("to", to);
        json.put("term", done ? toTerm : null);
        json.put("handoverSeq", handoverSeq < 0 ? null : handoverSeq);
        json.put("heldMs", heldMs < 0 ? null : heldMs);
        json.put("toPaused", toPaused);
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(
                        Column.text("done"),
                        Column.text("from"),
                        Column.text("to"),
                        Column.number("term"),
                        Column.number("handoverSeq"),
                        Column.number("heldMs"),
                        Column.text("toPaused")),
                List.of(
                        List.of(
                                Cell.of(String.valueOf(done)),
                                Cell.of(from),
                                Cell.of(to),
                                Cell.of(done ? Long.toString(toTerm) : ""),
                                Cell.of(handoverSeq < 0 ? "" : Long.toString(handoverSeq)),
                                Cell.of(heldMs < 0 ? "" : Long.toString(heldMs)),
                                Cell.of(toPaused == null ? "" : toPaused.toString()))));
    }

    @Override
    public List<String> lines(Style style) {
        String arrow = from + " " + style.sign("→", "->") + " " + to;
        if (!done) {
            return List.of(
                    "would hand over: "
                            + arrow
                            + ", at sequence "
                            + Texts.count(handoverSeq)
                            + " or later; nothing was changed");
        }
        String at = handoverSeq < 0 ? "" : ", after sequence " + Texts.count(handoverSeq);
        String held =
                heldMs < 0
                        ? "; how long writes were held is unknown, the answer was lost"
                        : "; writes were held for " + Texts.span(Duration.ofMillis(heldMs));
        return List.of(
                style.paint(Tone.GOOD, "handed over: " + arrow) + ", term " + toTerm + at + held);
    }
}
