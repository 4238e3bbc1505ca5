package dev.twonode.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Prints what every state does at every event, so that a change of the protocol is read as a
/// change of a table.
class TransitionsTableTest {

    @Test
    void theCommittedTableIsWhatTheMachineDoes() throws IOException {
        StringBuilder table = new StringBuilder();
        table.append("# What each state does at each event\n\n");
        table.append(
                "Printed by `TransitionsTableTest` from the machine; `=` is the same state,\n");
        table.append("an event that is not listed changes nothing but the memory.\n");
        table.append("`-Dtwonode.rewrite=true` writes it anew.\n");
        for (Map.Entry<String, Scenario> state : Situations.states().entrySet()) {
            table.append("\n## ").append(state.getKey()).append("\n\n");
            table.append("| event | next | actions |\n| --- | --- | --- |\n");
            Situations.events(state.getValue())
                    .forEach((name, event) -> table.append(row(state.getValue(), name, event)));
        }
        GoldenFile.compare(GoldenFile.FOLDER.resolve("transitions.md"), table.toString());
    }

    private static String row(Scenario at, String name, Event event) {
        Transition transition = at.machine().step(at.state, event);
        String before = Words.state(at.state);
        String after = Words.state(transition.state());
        List<Action> actions =
                transition.actions().stream().filter(it -> !(it instanceof Action.Tell)).toList();
        if (before.equals(after) && actions.isEmpty()) {
            return "";
        }
        boolean reasoned = !at.state.reason().equals(transition.state().reason());
        String next = before.equals(after) ? "=" : after;
        return "| "
                + name
                + " | "
                + next
                + (reasoned ? ", " + transition.state().reason() : "")
                + " | "
                + actions.stream().map(Words::action).collect(Collectors.joining("; "))
                + " |\n";
    }
}
