package dev.twonode.architecture;

/// One place that breaks a rule.
///
/// @param rule the rule's name, as the exceptions spell it
/// @param path the file, from the project's root folder
/// @param line the line, or 0 for the whole file
/// @param what what is wrong and what to do instead
record Finding(String rule, String path, long line, String what) {
    @Override
    public String toString() {
        return path + (line == 0 ? "" : ":" + line) + ": " + what + " (rule " + rule + ")";
    }
}
