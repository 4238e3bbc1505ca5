package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import java.util.List;

/// What one command has to say, in every form.
public interface View {

    /// The documented object, its `schema` first.
    ObjectNode json();

    /// The same as rows for `tsv`, numbers without thousands marks.
    Table rows();

    /// The same for a person.
    List<String> lines(Style style);
}
