package dev.twonode.logging;

/// One named value of a log line, such as `term=7`.
///
/// @param key short, lower case, words joined by `_`
/// @param value its text; what it is made from is not kept
public record Field(String key, String value) {

    /// A field of anything with a `toString`.
    public static Field field(String key, Object value) {
        return new Field(key, value.toString());
    }
}
