/// Runs the scripts of this module as a user would: each test starts the real script with a PATH, a
/// cache and a release server of its own, and looks at what it printed and left behind.
///
/// Nothing here reaches the network or the caller's own cache.
@NullMarked
package dev.twonode.scripts;

import org.jspecify.annotations.NullMarked;
