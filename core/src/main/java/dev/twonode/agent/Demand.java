package dev.twonode.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// What an operator's request says: nothing, or one JSON object. A field that is not known is
/// ignored; one that is known and cannot be meant so is refused, and never taken for its absence.
final class Demand {

    /// A request that says nothing that could be done.
    static final class Unclear extends Exception {

        private static final long serialVersionUID = 1L;

        Unclear(String why) {
            super(why);
        }

        /// The answer to it.
        ObjectNode answer() {
            return refusal("bad-request", String.valueOf(getMessage()))
                    .put("next", "correct the request and send it again; nothing was changed");
        }
    }

    private final JsonNode fields;

    private Demand(JsonNode fields) {
        this.fields = fields;
    }

    /// @throws Unclear if there is something in it that is not a JSON object
    static Demand of(byte[] body) throws Unclear {
        return new Demand(
                Wire.tree(body)
                        .orElseThrow(() ->
                                new Unclear(
                                        "the request is not a JSON object, nor empty: nothing of it"
                                                + " can be read")));
    }

    /// A whole number.
    ///
    /// @param otherwise what its absence means
    long number(String name, long otherwise, long least, long most) throws Unclear {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        boolean fits =
                value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= least
                        && value.longValue() <= most;
        if (!fits) {
            throw new Unclear(
                    "'%s' has to be a whole number from %d to %d, and is %s"
                            .formatted(name, least, most, shown(value)));
        }
        return value.longValue();
    }

    /// `true` or `false`, and `false` when it is absent.
    boolean flag(String name) throws Unclear {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new Unclear("'" + name + "' has to be true or false, and is " + shown(value));
        }
        return value.booleanValue();
    }

    /// A text; an empty one is none.
    Optional<String> text(String name) throws Unclear {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new Unclear("'" + name + "' has to be a text, and is " + shown(value));
        }
        return Optional.of(value.textValue()).filter(text -> !text.isEmpty());
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    /// A no, as every answer to an operator has it.
    static ObjectNode refusal(String code, String why) {
        return Wire.object().put("ok", false).put("error", why).put("code", code);
    }
}
