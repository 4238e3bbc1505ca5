package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.output.Texts;

/// An agent's no as a failure of the command.
final class Refusal {

    private Refusal() {}

    /// @param what what was asked for, such as `stepdown`
    /// @param answer the agent's answer, with `ok` false
    /// @param address the agent's server
    static Failure failure(String what, ObjectNode answer, String address) {
        String code = answer.path("code").asText("");
        String why = Texts.printable(answer.path("error").asText("no reason given"));
        ExitCode exit = exit(code);
        String happened =
                switch (exit) {
                    case OUTCOME_UNKNOWN -> what + " has an unknown outcome";
                    case USAGE -> "wrong usage of " + what;
                    default -> what + " refused";
                };
        String told = Texts.printable(answer.path("next").asText(""));
        return new Failure(exit, happened, why, told.isEmpty() ? next(code, address) : told);
    }

    private static ExitCode exit(String code) {
        return switch (code) {
            case "not-leader", "wrong-role" -> ExitCode.WRONG_ROLE;
            case "peer-unreachable" -> ExitCode.UNREACHABLE;
            case "unknown" -> ExitCode.OUTCOME_UNKNOWN;
            case "diverged" -> ExitCode.DIVERGED;
            case "unknown-export", "bad-request" -> ExitCode.USAGE;
            default -> ExitCode.REFUSED;
        };
    }

    private static String next(String code, String address) {
        String status = "twonode status -s " + address;
        return switch (code) {
            case "not-in-sync" ->
                    "wait until it has caught up ("
                            + status
                            + " -w), or let the command wait:"
                            + " --wait-timeout 60s";
            case "not-leader", "wrong-role" -> "find the leader: " + status;
            case "peer-unreachable" -> "bring the other node back first: " + status;
            case "unknown" -> "look which node leads now: " + status;
            case "unknown-export" -> "list them: twonode orphans list -s " + address;
            case "busy" -> "ask again in a few seconds; how far that is shows " + status;
            default -> "look at both nodes: " + status;
        };
    }
}
