package dev.twonode.node;

import org.jspecify.annotations.Nullable;

/// The state folder or a file in it cannot be used. The message says what is wrong and what to do.
public final class StateFolderException extends Exception {

    private static final long serialVersionUID = 1L;

    /// What is wrong.
    public enum Kind {
        /// Another agent holds the folder.
        IN_USE,
        /// The folder or a file in it cannot be read or written: permissions, disk full, read only.
        UNUSABLE,
        /// A file is not what was written.
        DAMAGED,
        /// A file was written by a later version.
        NEWER,
        /// The folder belongs to another node, or is about another bucket.
        FOREIGN
    }

    private final Kind kind;
    private final String why;
    private final String remedy;

    /// @param why what is wrong, a sentence without its full stop
    /// @param remedy what to do
    public StateFolderException(Kind kind, String why, String remedy, @Nullable Throwable cause) {
        super(why + ". " + remedy, cause);
        this.kind = kind;
        this.why = why;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong.
    public String why() {
        return why;
    }

    /// What to do about it.
    public String remedy() {
        return remedy;
    }
}
