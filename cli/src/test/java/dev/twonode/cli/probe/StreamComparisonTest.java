package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamComparisonTest {

    private static StreamImage image(long from, String... subjects) {
        StreamImage image = new StreamImage(2);
        for (int i = 0; i < subjects.length; i++) {
            image.add(from + i, new StreamImage.Entry(subjects[i], from + i, 0));
        }
        return image;
    }

    @Test
    void equalStreamsHaveNoDifference() {
        assertThat(StreamComparison.firstDifference(image(1, "x", "y"), image(1, "x", "y")))
                .isEmpty();
    }

    @Test
    void aFollowerThatIsShortIsNoDifference() {
        assertThat(StreamComparison.firstDifference(image(1, "x", "y"), image(1, "x"))).isEmpty();
    }

    @Test
    void aFollowerBeyondItsLeaderIsOne() {
        assertThat(StreamComparison.firstDifference(image(1, "x"), image(1, "x", "y")))
                .hasValueSatisfying(text -> assertThat(text).contains("beyond"));
    }

    @Test
    void otherContentAtASequenceIsOne() {
        StreamImage follower = new StreamImage(2);
        follower.add(1, new StreamImage.Entry("x", 77, 0));

        assertThat(StreamComparison.firstDifference(image(1, "x"), follower))
                .contains(
                        "they differ at sequence 1: the leader has x (payload 1, headers 0), the"
                                + " follower x (payload 4d, headers 0)");
    }

    @Test
    void otherHeadersAtASequenceAreOne() {
        StreamImage follower = new StreamImage(2);
        follower.add(1, new StreamImage.Entry("x", 1, 5));

        assertThat(StreamComparison.firstDifference(image(1, "x"), follower)).isPresent();
    }

    @Test
    void whatTheFollowerLacksIsOne() {
        StreamImage follower = new StreamImage(2);
        follower.add(2, new StreamImage.Entry("y", 2, 0));

        assertThat(StreamComparison.firstDifference(image(1, "x", "y"), follower))
                .contains("the follower lacks sequence 1");
    }

    @Test
    void whatTheLeaderHasTrimmedSinceIsNone() {
        assertThat(StreamComparison.firstDifference(image(2, "x", "x"), image(1, "x", "x")))
                .isEmpty();
    }
}
