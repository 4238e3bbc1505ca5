package dev.twonode.node;

import dev.twonode.protocol.Event.CopyProblem;

/// Why copying stopped.
///
/// @param problem whose matter it is
/// @param why in words
public record CopyTrouble(CopyProblem problem, String why) {}
