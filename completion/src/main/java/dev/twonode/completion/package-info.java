/// Completion scripts for bash, zsh and fish, generated from the command model.
///
/// The scripts are committed under `src/main/share`, so that they are reviewed and shipped as they
/// are; a test compares them with what the generators make of the present model. Nothing here runs
/// in the product: it prints text, and reads neither files nor the environment.
@NullMarked
package dev.twonode.completion;

import org.jspecify.annotations.NullMarked;
