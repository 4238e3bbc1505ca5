package dev.twonode.cli.command;

import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads whole numbers that have a least value. What is below it is refused and not taken for it:
/// who types `--last 0` did not ask for everything, nor for nothing.
public final class Whole {

    private Whole() {}

    /// One or more.
    public static final class AtLeastOne implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String word) {
            return (int) read(word, 1, Integer.MAX_VALUE);
        }
    }

    /// Zero or more.
    public static final class AtLeastZero implements ITypeConverter<Long> {
        @Override
        public Long convert(String word) {
            return read(word, 0, Long.MAX_VALUE);
        }
    }

    private static long read(String word, long least, long most) {
        try {
            BigInteger number = new BigInteger(word);
            if (number.compareTo(BigInteger.valueOf(least)) < 0) {
                throw new TypeConversionException("'" + word + "' is not at least " + least);
            }
            if (number.compareTo(BigInteger.valueOf(most)) > 0) {
                throw new TypeConversionException("'" + word + "' is not at most " + most);
            }
            return number.longValue();
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + word + "' is not a whole number");
        }
    }
}
