package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The objects that JSON and YAML output consist of.
public final class Documents {

    private Documents() {}

    /// An object with the schema number.
    public static ObjectNode start() {
        ObjectNode document = object();
        document.put("schema", JsonText.SCHEMA);
        return document;
    }

    /// An empty object.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
