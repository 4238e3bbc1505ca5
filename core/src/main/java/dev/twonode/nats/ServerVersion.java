package dev.twonode.nats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's version, of which a label such as `-RC.1` does not count.
record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {

    /// Older ones lose a stream that starts beyond 1 when they restart, or know no transforms.
    static final ServerVersion OLDEST = new ServerVersion(2, 10, 28);

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*");

    /// Reads a version; what does not look like one counts as older than every other.
    static ServerVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return new ServerVersion(0, 0, 0);
        }
        return new ServerVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    boolean isAtLeast(ServerVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        int byMajor = Integer.compare(major, other.major);
        if (byMajor != 0) {
            return byMajor;
        }
        int byMinor = Integer.compare(minor, other.minor);
        return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
