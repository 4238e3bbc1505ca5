package dev.twonode.cli;

import dev.twonode.cli.agent.AgentClients;
import dev.twonode.cli.console.Streams;
import dev.twonode.cli.console.TerminalSize;
import dev.twonode.config.Surroundings;
import java.time.InstantSource;
import java.util.Map;

/// Everything that a command takes from outside its arguments, so that a test can give it another
/// world.
///
/// @param surroundings environment variables, folders and the like
/// @param streams where data and messages go and answers to questions come from
/// @param agents opens the way to the agents
/// @param clock the wall clock, for ages and time stamps
public record Environment(
        Surroundings surroundings, Streams streams, AgentClients agents, InstantSource clock) {

    /// The world of this process.
    public static Environment ofProcess() {
        return new Environment(
                Surroundings.ofProcess(),
                Streams.ofProcess(),
                AgentClients.overNats(),
                InstantSource.system());
    }

    /// The environment variables.
    public Map<String, String> variables() {
        return surroundings.environment();
    }

    /// A variable's value, or an empty text when it is unset.
    public String variable(String name) {
        return variables().getOrDefault(name, "");
    }

    /// Columns that output may take: `COLUMNS`, else what the terminal says, else 80.
    public int width() {
        String columns = variable("COLUMNS");
        if (columns.matches("[1-9][0-9]{0,3}")) {
            return Integer.parseInt(columns);
        }
        int fromTerminal = streams.terminals().out() ? TerminalSize.columns() : 0;
        return fromTerminal > 0 ? fromTerminal : 80;
    }
}
