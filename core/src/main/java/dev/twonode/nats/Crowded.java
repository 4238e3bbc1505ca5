package dev.twonode.nats;

import java.util.Locale;
import java.util.Optional;

/// Reads what a server says when it has as many connections or subscriptions as it takes.
final class Crowded {

    private Crowded() {}

    /// What a server takes no more of, and what to do about it; empty when it says something else.
    ///
    /// @param said what the server says
    /// @param url the server
    static Optional<String> of(String said, String url) {
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("maximum subscriptions exceeded")) {
            return Optional.of(
                    url
                            + " takes no more subscriptions; raise the account's limit on them and"
                            + " reload it, or the server's max_subscriptions and restart it");
        }
        if (lower.contains("maximum account active connections exceeded")) {
            return Optional.of(
                    url
                            + " takes no more connections of this account; raise its limit on them"
                            + " and reload that server, or end some of its clients");
        }
        return lower.contains("maximum connections exceeded")
                ? Optional.of(
                        url
                                + " takes no more connections; raise its max_connections and"
                                + " reload it, or end some of its clients")
                : Optional.empty();
    }
}
