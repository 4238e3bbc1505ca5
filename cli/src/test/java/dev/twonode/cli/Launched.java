package dev.twonode.cli;

/// What a command left behind.
///
/// @param exitCode its exit code
/// @param output what it wrote to standard output
/// @param error what it wrote to standard error
public record Launched(int exitCode, String output, String error) {}
