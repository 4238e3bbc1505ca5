package dev.twonode.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The receiving end of a real Unix datagram socket, in systemd's place.
public final class DatagramReceiver implements AutoCloseable {

    private static final int DONTWAIT = 0x40;

    private final int descriptor;

    /// Binds to a path, or to an abstract name when it begins with `@`.
    public DatagramReceiver(String address) {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        descriptor = (int) call("socket", JAVA_INT, 1, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(110, 2);
            to.set(JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 2, bytes.length);
            int result = (int) call("bind", JAVA_INT, descriptor, to, 2 + bytes.length);
            if (result != 0) {
                throw new IllegalStateException("cannot bind to " + address);
            }
        }
    }

    /// The next datagram. A local one is there as soon as it was sent.
    public Optional<String> receive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4_096);
            long length = (long) call("recv", JAVA_LONG, descriptor, buffer, 4_096L, DONTWAIT);
            return length < 0
                    ? Optional.empty()
                    : Optional.of(
                            new String(
                                    buffer.asSlice(0, length).toArray(JAVA_BYTE),
                                    StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        call("close", JAVA_INT, descriptor);
    }

    @SuppressWarnings("restricted")
    private static Object call(String function, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] =
                    switch (arguments[i]) {
                        case Integer _ -> JAVA_INT;
                        case Long _ -> JAVA_LONG;
                        default -> ADDRESS;
                    };
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                            linker.defaultLookup().findOrThrow(function),
                            FunctionDescriptor.of(result, layouts))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function + " failed", e);
        }
    }
}
