package dev.twonode.cli.console;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// How many columns the terminal has, asked of the kernel: a child process or a jline terminal
/// would cost more than the rest of the command.
public final class TerminalSize {

    private static final long LINUX_TIOCGWINSZ = 0x5413;
    private static final long BSD_TIOCGWINSZ = 0x40087468;

    private TerminalSize() {}

    /// The columns of the terminal behind standard output, 0 when that cannot be told.
    @SuppressWarnings("restricted")
    public static int columns() {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MethodHandle ioctl =
                    linker.downcallHandle(
                            linker.defaultLookup().find("ioctl").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS),
                            Linker.Option.firstVariadicArg(2));
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            int result = (int) ioctl.invokeExact(1, request(), size);
            return result == 0 ? size.getAtIndex(ValueLayout.JAVA_SHORT, 1) : 0;
        } catch (Throwable e) {
            // invokeExact declares Throwable; a width is never worth failing for.
            return 0;
        }
    }

    private static long request() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return system.contains("linux") ? LINUX_TIOCGWINSZ : BSD_TIOCGWINSZ;
    }
}
