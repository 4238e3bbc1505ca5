package dev.twonode.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Sends to one Unix datagram socket of Linux, which the runtime's channels cannot. The socket
/// lives as long as the process.
final class UnixDatagram {

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
    private static final int PATH_OFFSET = 2;
    private static final int LONGEST_PATH = 107;

    private final int descriptor;
    private final byte[] address;
    private final MethodHandle sendto;

    private UnixDatagram(int descriptor, byte[] address, MethodHandle sendto) {
        this.descriptor = descriptor;
        this.address = address;
        this.sendto = sendto;
    }

    /// Whether that is the address of such a socket: an absolute path, or `@` and an abstract name.
    static boolean isAddress(String address) {
        return (address.startsWith("/") || address.startsWith("@"))
                && address.length() > 1
                && address.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
    }

    /// A socket that sends to an address, empty where the system has none.
    @SuppressWarnings("restricted")
    static Optional<UnixDatagram> open(String address) {
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle socket =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("socket"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
            MethodHandle sendto =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("sendto"),
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                                    JAVA_INT));
            int descriptor = (int) socket.invokeExact((int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            return descriptor < 0
                    ? Optional.empty()
                    : Optional.of(new UnixDatagram(descriptor, bytesOf(address), sendto));
        } catch (Throwable e) {
            // Invoking a handle declares anything; here it is a system without these calls.
            rethrowError(e);
            return Optional.empty();
        }
    }

    /// Sends one datagram without waiting; whether it was taken.
    boolean send(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocateFrom(JAVA_BYTE, text);
            MemorySegment to = arena.allocate(PATH_OFFSET + LONGEST_PATH + 1L, 2);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(address, 0, to, JAVA_BYTE, PATH_OFFSET, address.length);
            long sent =
                    (long)
                            sendto.invokeExact(
                                    descriptor,
                                    content,
                                    (long) text.length,
                                    MSG_DONTWAIT_NOSIGNAL,
                                    to,
                                    PATH_OFFSET + address.length);
            return sent == text.length;
        } catch (Throwable e) {
            rethrowError(e);
            return false;
        }
    }

    /// An abstract name begins with a zero byte in place of the `@`.
    private static byte[] bytesOf(String address) {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        return bytes;
    }

    private static void rethrowError(Throwable e) {
        if (e instanceof Error error && !(e instanceof LinkageError)) {
            throw error;
        }
    }
}
