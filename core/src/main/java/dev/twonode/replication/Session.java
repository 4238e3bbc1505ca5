package dev.twonode.replication;

import dev.twonode.protocol.Mark;
import java.util.random.RandomGenerator;

/// One replication session. Its token is part of the replica subject, so that what an earlier
/// session published late finds no stream.
///
/// @param mark what the follower's fence says of itself
/// @param token 16 letters and digits, unlike that of any other session
public record Session(Mark mark, String token) {

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int TOKEN_LENGTH = 16;

    /// A session with a token drawn from `random`.
    public static Session start(Mark mark, RandomGenerator random) {
        StringBuilder token = new StringBuilder(TOKEN_LENGTH);
        for (int i = 0; i < TOKEN_LENGTH; i++) {
            token.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new Session(mark, token.toString());
    }
}
