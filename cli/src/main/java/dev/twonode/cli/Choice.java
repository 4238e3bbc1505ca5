package dev.twonode.cli;

import dev.twonode.config.NearestWord;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a word of a closed set in any case; the error lists the words as they are typed.
///
/// @param constants the set, whose `toString` is what is typed
record Choice<E extends Enum<E>>(List<E> constants) implements ITypeConverter<E> {

    @Override
    public E convert(String word) {
        return constants.stream()
                .filter(constant -> constant.toString().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(problem(word)));
    }

    private String problem(String word) {
        List<String> words = constants.stream().map(Enum::toString).toList();
        return "'"
                + word
                + "' is none of "
                + String.join(", ", words)
                + NearestWord.hint(word, words);
    }
}
