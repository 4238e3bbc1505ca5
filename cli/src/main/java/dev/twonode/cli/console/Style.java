package dev.twonode.cli.console;

/// How text is dressed for one stream. Colour never stands alone: a word or a sign says the same.
///
/// @param colour whether escape sequences are written
/// @param ascii whether borders and signs keep to ASCII
/// @param width columns that a table may take
public record Style(boolean colour, boolean ascii, int width) {

    /// No dress at all, for files and pipes.
    public static final Style PLAIN = new Style(false, true, 80);

    /// How a piece of text is meant.
    public enum Tone {
        PLAIN(""),
        STRONG("1"),
        DIM("2"),
        GOOD("32"),
        NOTE("33"),
        BAD("1;31");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    /// The text in that tone, or as it is without colours.
    public String paint(Tone tone, String text) {
        if (!colour || tone == Tone.PLAIN || text.isEmpty()) {
            return text;
        }
        return "\u001b[" + tone.code + "m" + text + "\u001b[0m";
    }

    /// The first where more than ASCII can be shown, the second elsewhere.
    public String sign(String unicode, String plain) {
        return ascii ? plain : unicode;
    }
}
