package dev.twonode.replication;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's version, as far as the format of snapshots depends on it. An unreadable one counts as
/// 0.0, which never restores what another wrote.
record ServerVersion(int major, int minor) {

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(\\D.*)?");
    private static final int ARCHIVE_MAJOR = 2;
    private static final int ARCHIVE_MINOR = 15;

    static ServerVersion parse(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.matches()
                ? new ServerVersion(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new ServerVersion(0, 0);
    }

    /// Whether its snapshots are archives, which older servers cannot read.
    boolean writesArchives() {
        return major > ARCHIVE_MAJOR || (major == ARCHIVE_MAJOR && minor >= ARCHIVE_MINOR);
    }

    /// Whether a snapshot written by `source` can be restored here.
    boolean restoresFrom(ServerVersion source) {
        return major > 0 && source.major > 0 && (writesArchives() || !source.writesArchives());
    }
}
