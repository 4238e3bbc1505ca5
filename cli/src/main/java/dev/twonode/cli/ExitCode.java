package dev.twonode.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What the process tells its caller at the end. The numbers are interface: scripts and unit files
/// rely on them, so one is never given a second meaning.
public enum ExitCode {
    OK(0, "done, or the state is as asked"),
    FAILURE(1, "unexpected failure"),
    USAGE(2, "wrong usage: unknown option, value or command"),
    REFUSED(3, "refused by a safety rule; nothing changed"),
    WRONG_ROLE(4, "the node asked has the wrong role; nothing changed"),
    UNREACHABLE(5, "cannot connect to the node or its peer"),
    OUTCOME_UNKNOWN(6, "no answer in time: the outcome is unknown, look first"),
    DEGRADED(7, "the pair is degraded (only with 'status --exit-code')"),
    DIVERGED(8, "split or diverged history found; needs an operator"),
    NOT_AUTHORISED(77, "the server refused the credentials"),
    CONFIGURATION(78, "the configuration cannot work"),
    INTERRUPTED(130, "ended by SIGINT; 'run' ends with 0 after an orderly stop"),
    KILLED(137, "ended by SIGKILL, as 'run' is when its memory is used up"),
    TERMINATED(143, "ended by SIGTERM; 'run' ends with 0 after an orderly stop");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /// The number that the process exits with.
    public int number() {
        return number;
    }

    /// One line for an operator.
    public String meaning() {
        return meaning;
    }

    /// The kind of failure as it stands in a JSON error: the name in lower case with dashes.
    public String kind() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The whole table, in the order of the numbers, as help texts show it.
    public static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            table.put(String.valueOf(code.number), code.meaning);
        }
        return table;
    }
}
