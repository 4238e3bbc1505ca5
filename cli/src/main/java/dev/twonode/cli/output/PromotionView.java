package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.console.Style;
import java.util.List;

/// What became of a promotion.
///
/// @param done whether the node was made leader just now
/// @param leader the node that leads now, empty when none is known to
/// @param term its term
/// @param refused whether it would be refused, where it was only to be said what would happen
/// @param message the same in words
public record PromotionView(boolean done, String leader, long term, boolean refused, String message)
        implements View {

    /// The node leads already.
    public static PromotionView unchanged(AgentState state) {
        return new PromotionView(
                false,
                state.node(),
                state.term(),
                false,
                state.node() + " leads already, in term " + state.term() + "; nothing changed");
    }

    /// Nothing was to be changed.
    ///
    /// @param forced whether the loss was accepted
    public static PromotionView planned(AgentState state, boolean forced) {
        AgentState.Peer peer = state.peer();
        boolean needless = peer.role().equals("leader") && !peer.isNeverHeard() && !peer.isSilent();
        boolean refused = false;
        String outlook;
        if (needless) {
            refused = true;
            outlook =
                    "it would be refused: %s leads and answers (twonode stepdown moves the lead"
                                    .formatted(peer.node())
                            + " without loss)";
        } else if (state.paused() && state.inSync()) {
            outlook =
                    "it is paused, and leads by itself and without loss once it is not: nats -s"
                            + " HOST:PORT req resume ''";
        } else if (forced) {
            outlook = "it would lead by force: " + Stake.of(state).words();
        } else {
            refused = true;
            outlook =
                    "it would be refused without --force --confirm=%s: %s"
                            .formatted(state.node(), Stake.of(state).words());
        }
        return new PromotionView(
                false,
                "",
                state.term(),
                refused,
                "%s is %s (%s); %s; nothing changed"
                        .formatted(
                                state.node(),
                                state.role(),
                                state.inSync() ? "in sync" : "not in sync",
                                outlook));
    }

    /// The node leads now.
    public static PromotionView done(AgentState state, ObjectNode answer) {
        long term = answer.path("term").asLong();
        String leader = Texts.printable(answer.path("leader").asText(state.node()));
        return new PromotionView(true, leader, term, false, leader + " leads now, in term " + term);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("done", done);
        json.put("leader", leader.isEmpty() ? null : leader);
        json.put("term", term);
        json.put("message", message);
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(Column.text("done"), Column.text("leader"), Column.number("term")),
                List.of(
                        List.of(
                                Cell.of(String.valueOf(done)),
                                Cell.of(leader),
                                Cell.of(Long.toString(term)))));
    }

    @Override
    public List<String> lines(Style style) {
        return List.of(message);
    }
}
