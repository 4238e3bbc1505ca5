package dev.twonode.config;

import java.nio.file.Path;

/// How a connection proves who it is.
public sealed interface Credentials {

    /// It does not.
    record None() implements Credentials {}

    /// User name and password.
    record UserPassword(String user, Secret password) implements Credentials {}

    /// A token.
    record Token(Secret token) implements Credentials {}

    /// A credentials file with a user JWT and its seed; read anew at every connect.
    record CredsFile(Path file) implements Credentials {}

    /// A file with an NKey seed; read anew at every connect.
    record NkeyFile(Path file) implements Credentials {}
}
