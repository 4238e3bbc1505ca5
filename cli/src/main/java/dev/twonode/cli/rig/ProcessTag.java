package dev.twonode.cli.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One particular process, so that another one which got the same id later is never taken for it.
///
/// @param pid the process id
/// @param mark what tells it from any other process that ever had this id: on Linux the boot id and
///   the start time in ticks since boot, which no change of the clock moves
public record ProcessTag(long pid, String mark) {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// Positions in `/proc/PID/stat`, counted after the command name.
    private static final int STATE_FIELD = 0;

    private static final int START_FIELD = 19;

    /// Names a running process. Empty when there is none with this id.
    public static Optional<ProcessTag> of(long pid) {
        return markOf(pid).map(mark -> new ProcessTag(pid, mark));
    }

    /// The process, if it still runs. A dead child that nobody has collected does not count.
    public Optional<ProcessHandle> find() {
        return markOf(pid).filter(mark::equals).flatMap(_ -> ProcessHandle.of(pid));
    }

    /// Whether it still runs.
    public boolean isAlive() {
        return find().isPresent();
    }

    private static Optional<String> markOf(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(BOOT_ID)) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(Object::toString);
        }
        try {
            String line = Files.readString(stat);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(BOOT_ID).strip() + "/" + fields[START_FIELD]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
