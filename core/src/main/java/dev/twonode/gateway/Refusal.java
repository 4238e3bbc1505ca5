package dev.twonode.gateway;

import dev.twonode.protocol.Showing;

/// A leader's server did not store what a client wrote, and not because of what was written.
///
/// @param place whose server it is
/// @param term number of the leader's term
/// @param why in the server's words
/// @param lasted for how long it has stored none, as far as clients tried, in milliseconds
public record Refusal(Showing.Place place, long term, String why, long lasted) {}
