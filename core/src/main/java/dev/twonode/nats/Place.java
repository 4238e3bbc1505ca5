package dev.twonode.nats;

import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.time.Instant;

/// Where a consumer's message stands, as the subject says on which the server wants it
/// acknowledged:
/// `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<delivery>.<nanos>.<pending>`, with domain
/// and account behind `ACK` since servers tell them.
///
/// @param sequence in the stream
/// @param delivery the how-manieth message of the consumer it is
/// @param time when the stream stored it
record Place(long sequence, long delivery, Instant time) {

    private static final String START = "$JS.ACK.";
    private static final int SHORT = 9;
    private static final int LEAST_LONG = 11;
    private static final int SEQUENCE = 5;
    private static final long NANOS = 1_000_000_000;

    static Place of(String reply) throws StoreException {
        String[] words = reply.split("\\.", -1);
        boolean known = words.length == SHORT || words.length >= LEAST_LONG;
        if (!reply.startsWith(START) || !known) {
            throw new StoreException(Kind.UNKNOWN, unreadable(reply));
        }
        int at = words.length == SHORT ? SEQUENCE : SEQUENCE + 2;
        try {
            long nanos = Long.parseLong(words[at + 2]);
            return new Place(
                    Long.parseLong(words[at]),
                    Long.parseLong(words[at + 1]),
                    Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS));
        } catch (NumberFormatException e) {
            throw new StoreException(Kind.UNKNOWN, unreadable(reply), e);
        }
    }

    private static String unreadable(String reply) {
        return "a message whose place is not told: '" + reply + "'";
    }
}
