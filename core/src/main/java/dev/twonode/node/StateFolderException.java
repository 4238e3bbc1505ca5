package dev.twonode.node;

/// The state folder or a file in it cannot be used. The message says what, why, and what to do.
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
        /// The folder belongs to another node.
        FOREIGN
    }

    private final Kind kind;

    public StateFolderException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StateFolderException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
