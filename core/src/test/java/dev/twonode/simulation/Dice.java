package dev.twonode.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Numbers drawn from a seed. Each concern has dice of its own, so that one more throw for one of
/// them changes nothing for the others.
final class Dice {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final SplittableRandom random;

    Dice(long seed, String concern) {
        random = new SplittableRandom((seed + 1) * GOLDEN + concern.hashCode());
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /// Any number from the one to the other, both included.
    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    RandomGenerator generator() {
        return random;
    }
}
