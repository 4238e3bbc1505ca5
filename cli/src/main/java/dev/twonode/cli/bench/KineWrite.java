package dev.twonode.cli.bench;

import dev.twonode.cli.probe.KineClient;
import java.io.IOException;

/// Writes one key through a kine.
final class KineWrite implements GuardedWrite {

    private static final int LETTERS = 400;

    private final KineClient client;
    private final String key;
    private final String value = "x".repeat(LETTERS);
    private long last;

    /// @param key one that nobody has written
    KineWrite(KineClient client, String key) {
        this.client = client;
        this.key = key;
    }

    @Override
    public void write() throws IOException, InterruptedException {
        KineClient.Outcome outcome = client.write(key, value, last);
        if (!(outcome instanceof KineClient.Outcome.Done(long revision))) {
            throw new IOException(key + " was not written: " + outcome);
        }
        last = revision;
    }
}
