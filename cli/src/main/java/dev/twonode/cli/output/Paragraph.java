package dev.twonode.cli.output;

import java.util.ArrayList;
import java.util.List;

/// Running text within the width of a terminal.
public final class Paragraph {

    private static final int LEAST = 20;

    private Paragraph() {}

    /// Lines of at most `width` columns where words allow it; all but the first are indented as far
    /// as the text of the first is.
    ///
    /// @param lead stands before the first line and may hold escape sequences
    public static List<String> wrap(String lead, String text, int width) {
        int indent = Texts.width(lead.replaceAll("\u001b\\[[0-9;]*m", ""));
        int room = Math.max(LEAST, width - indent);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && Texts.width(line + " " + word) > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        List<String> indented = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            indented.add((i == 0 ? lead : " ".repeat(indent)) + lines.get(i));
        }
        return indented;
    }
}
