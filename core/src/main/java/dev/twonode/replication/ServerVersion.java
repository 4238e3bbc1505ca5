package dev.twonode.replication;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's version, of which a label such as `-RC.1` does not count. What does not look like one
/// counts as 0.0.0, older than every other.
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {

    /// Older ones lose a stream that starts beyond 1 when they restart, or know no transforms.
    public static final ServerVersion OLDEST = new ServerVersion(2, 10, 28);

    private static final ServerVersion ARCHIVES = new ServerVersion(2, 15, 0);
    private static final ServerVersion BATCHES = new ServerVersion(2, 15, 0);

    private static final ServerVersion UNKNOWN = new ServerVersion(0, 0, 0);

    private static final Pattern FORM =
            Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(\\D.*)?");

    private static final Comparator<ServerVersion> ORDER =
            Comparator.comparingInt(ServerVersion::major)
                    .thenComparingInt(ServerVersion::minor)
                    .thenComparingInt(ServerVersion::patch);

    /// Reads a version such as `2.15.2`.
    public static ServerVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? new ServerVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)))
                : UNKNOWN;
    }

    /// Whether this is the other version or a newer one.
    public boolean isAtLeast(ServerVersion other) {
        return compareTo(other) >= 0;
    }

    /// Whether its snapshots are archives, which older servers cannot read.
    boolean writesArchives() {
        return isAtLeast(ARCHIVES);
    }

    /// Whether it forces an atomic batch to disk as a whole, not each message of it.
    public boolean forcesBatches() {
        return isAtLeast(BATCHES);
    }

    /// Whether a snapshot written by `source` can be restored here.
    boolean restoresFrom(ServerVersion source) {
        boolean known = !equals(UNKNOWN) && !source.equals(UNKNOWN);
        return known && (writesArchives() || !source.writesArchives());
    }

    @Override
    public int compareTo(ServerVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
