package dev.twonode.cli.bench;

import java.io.PrintWriter;

/// Says on standard error what is being measured.
record Progress(PrintWriter err) {

    void say(String what) {
        err.println("bench: " + what);
        err.flush();
    }
}
