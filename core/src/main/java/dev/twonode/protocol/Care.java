package dev.twonode.protocol;

/// What a fence must not sweep away (rules S1, G4): a mark of the other node says that it may lead
/// by now, and whoever overwrites it unseen goes on as if it had not.
public enum Care {
    /// Nothing: what is there was seen, or is this node's to overwrite.
    NONE,
    /// A mark of the other node: the stream stays as it is, and the answer shows the mark.
    MARKS,
    /// The same, and a change by somebody else in the moment between looking and fencing counts as
    /// such a mark, whatever it was.
    CHANGES
}
