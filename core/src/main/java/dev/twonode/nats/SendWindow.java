package dev.twonode.nats;

/// How many messages may be on their way to a stream at once.
///
/// A server stores everything that it has received before it sends the acknowledgements, and with
/// `sync_interval: always` each message waits for the disk. On a slow disk a large window would
/// therefore look like a server that has died. The window grows while acknowledgements come
/// quickly, as they do where nothing is forced, and shrinks when they take long.
///
/// Not safe for several threads by itself.
final class SendWindow {

    private static final int FIRST = 128;
    private static final int LEAST = 16;
    private static final long QUICK_NANOS = 100_000_000;
    private static final long SLOW_NANOS = 400_000_000;

    private final int most;
    private int size;
    private long untilShrink;

    /// @param most never more than this
    SendWindow(int most) {
        this.most = most;
        this.size = Math.min(FIRST, most);
    }

    int size() {
        return size;
    }

    /// Takes note of an acknowledgement of `count` messages that came after `nanos`. The window
    /// shrinks at most once for what was on its way together: one slow moment is one reason.
    void acknowledged(long count, long nanos) {
        untilShrink = Math.max(0, untilShrink - count);
        if (nanos < QUICK_NANOS) {
            size = (int) Math.min(most, size + count);
        } else if (nanos > SLOW_NANOS && untilShrink == 0) {
            untilShrink = size;
            size = Math.max(LEAST, size / 2);
        }
    }
}
