package dev.twonode.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What this node's gateway has to know.
///
/// @param addresses where it listens, not looked up yet; empty when there is none
/// @param commit what has to have a write before anybody is told of it
/// @param whenAlone what a leader does that lost its follower without a word
/// @param maxLoss how far a leader may be ahead of its follower with [Commit#LEADER]
/// @param holdTimeout how long a request waits for a leader
/// @param onRevisionsLost command that restarts kine and the API server, empty for none
/// @param certificate what clients are shown, who then have to use TLS; empty for plain TCP
public record GatewayConfig(
        List<InetSocketAddress> addresses,
        Commit commit,
        WhenAlone whenAlone,
        int maxLoss,
        Duration holdTimeout,
        String onRevisionsLost,
        Optional<Certificate> certificate) {

    /// A certificate and its key, in PEM files.
    public record Certificate(Path chain, Path key) {}

    public GatewayConfig {
        addresses = List.copyOf(addresses);
    }

    /// How far a leader may be ahead of its follower.
    public long ahead() {
        return commit == Commit.BOTH ? 0 : maxLoss;
    }

    /// What has to have a write before anybody is told of it.
    public enum Commit {
        /// Both nodes.
        BOTH,
        /// The leader; the follower may be behind.
        LEADER
    }

    /// What a leader does that lost its follower without a word.
    public enum WhenAlone {
        /// It goes on.
        SERVE,
        /// It shows nothing until the follower is back.
        STOP
    }

    /// Reads `HOST:PORT`, several with commas between them, or `off`.
    ///
    /// @throws IllegalArgumentException if the text is neither
    static List<InetSocketAddress> addresses(String text) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String address = part.strip();
            if (address.equals("off")) {
                continue;
            }
            if (!address.matches(".*:[0-9]+")) {
                throw new IllegalArgumentException(
                        "'" + address + "' is neither HOST:PORT, like 127.0.0.1:4240, nor off");
            }
            ServerUrl url = ServerUrl.parse(address);
            addresses.add(InetSocketAddress.createUnresolved(url.host(), url.port()));
        }
        if (!addresses.isEmpty() && List.of(text.split(",", -1)).contains("off")) {
            throw new IllegalArgumentException("'off' goes with no other address");
        }
        return addresses;
    }
}
