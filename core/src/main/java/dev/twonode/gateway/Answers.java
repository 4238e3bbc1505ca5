package dev.twonode.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/// The bodies of answers that the gateway gives itself, in JetStream's own form.
final class Answers {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String stream;

    Answers(Bucket bucket) {
        this.stream = bucket.stream();
    }

    /// JetStream is not available for the moment. Whether the request was carried out is unknown.
    byte[] unknown(String why) {
        return error(503, 10_008, why);
    }

    /// Nothing was done, and nothing will be.
    byte[] refused(String why) {
        return error(403, 10_052, why);
    }

    byte[] stored(long sequence) {
        return bytes(MAPPER.createObjectNode().put("stream", stream).put("seq", sequence));
    }

    private byte[] error(int code, int number, String why) {
        ObjectNode body = MAPPER.createObjectNode();
        body.putObject("error").put("code", code).put("err_code", number).put("description", why);
        return bytes(body);
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
