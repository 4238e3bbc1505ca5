package dev.twonode.logging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Listens to what this process logs, from its making to its closing.
public final class HeardLog implements AutoCloseable {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Handler ear =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    heard.add(String.valueOf(line.getMessage()));
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    public HeardLog() {
        Logger.getLogger("").addHandler(ear);
    }

    /// The messages heard so far.
    public List<String> messages() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(ear);
    }
}
