package dev.twonode.cli;

import org.jspecify.annotations.Nullable;

/// A command that cannot go on, told in three parts: what failed, why, and what to do next.
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String what;
    private final String why;
    private final String next;

    /// @param code how the process ends
    /// @param what what failed, with the address it happened at
    /// @param why the cause in the user's terms; empty when `what` says it all
    /// @param next what to do, a command to type where there is one
    public Failure(ExitCode code, String what, String why, String next) {
        this(code, what, why, next, null);
    }

    /// As above, with the exception that `--verbose` shows.
    public Failure(ExitCode code, String what, String why, String next, @Nullable Throwable cause) {
        super(what, cause);
        this.code = code;
        this.what = what;
        this.why = why;
        this.next = next;
    }

    public ExitCode code() {
        return code;
    }

    public String what() {
        return what;
    }

    public String why() {
        return why;
    }

    public String next() {
        return next;
    }
}
