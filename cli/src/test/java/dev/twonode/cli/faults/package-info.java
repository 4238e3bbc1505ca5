/// What goes wrong at a site, done to real processes: servers, and agents started by the launcher.
///
/// [FaultPair] starts, kills, freezes and cuts; a writer writes all the time and remembers what was
/// acknowledged. After every fault the same is asked for: one node leads, the other is in sync,
/// both streams are equal message by message, and nothing acknowledged is lost.
@NullMarked
package dev.twonode.cli.faults;

import org.jspecify.annotations.NullMarked;
