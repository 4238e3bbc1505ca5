package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;

/// JSON trees as YAML. Apart from [JsonText] so that nothing of YAML is loaded for other formats.
final class YamlText {

    private YamlText() {}

    static String text(JsonNode node) {
        YAMLFactory factory =
                YAMLFactory.builder()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                        .build();
        return JsonText.text(factory, node, false).stripTrailing();
    }
}
