package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SessionTest {

    @Test
    void tokensDifferAndFitIntoASubject() {
        SplittableRandom random = new SplittableRandom(1);
        Session one = Session.start(TwoServers.MARK_B, random);
        Session other = Session.start(TwoServers.MARK_B, random);

        assertThat(one.token()).matches("[a-z0-9]{16}").isNotEqualTo(other.token());
    }
}
