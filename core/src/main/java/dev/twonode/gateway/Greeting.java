package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/// What servers and clients say first, rewritten where the gateway stands between them.
final class Greeting {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode info;

    private Greeting(ObjectNode info) {
        this.info = info;
    }

    /// Reads what a server says first.
    ///
    /// @throws IOException if it is no greeting of a server
    static Greeting of(String json) throws IOException {
        Greeting greeting = new Greeting(object(json));
        if (greeting.serverId().isEmpty()) {
            throw new IOException("a greeting that names no server");
        }
        return greeting;
    }

    String serverId() {
        return info.path("server_id").asText();
    }

    long maxPayload() {
        return info.path("max_payload").asLong(1 << 20);
    }

    /// Whether the server asks for a login.
    boolean needsLogin() {
        return info.path("auth_required").asBoolean();
    }

    /// Whether a client has to sign something that only this one connection knows.
    boolean hasNonce() {
        return info.hasNonNull("nonce");
    }

    /// The greeting as clients of the gateway see it: no server's address but the gateway's own,
    /// nothing about the server's TLS, which ends here, and the mark of a gateway.
    ///
    /// @param encrypted whether clients have to use TLS with the gateway
    String forClients(List<String> addresses, boolean encrypted) {
        ObjectNode shown = info.deepCopy();
        shown.remove(List.of("tls_required", "tls_verify", "tls_available", "ldm", "client_ip"));
        shown.remove(List.of("ws_connect_urls", "cluster", "ip", "connect_info"));
        shown.remove("connect_urls");
        shown.put(ServerDial.GATEWAY_MARK, true);
        if (encrypted) {
            shown.put("tls_required", true);
        }
        addresses.forEach(shown.withArray("connect_urls")::add);
        return shown.toString();
    }

    /// What a client says of itself.
    ///
    /// @param json for the server: it never says `+OK`, the gateway does that itself
    /// @param verbose whether the client wants `+OK`
    /// @param signs whether the client signed the server's nonce, which no other server takes
    record Introduction(String json, boolean verbose, boolean signs) {

        /// What a client is that sends no introduction.
        static final Introduction NONE = new Introduction("{\"verbose\":false}", false, false);

        /// Reads what a client says first.
        ///
        /// @throws IOException if it is none
        static Introduction of(String json) throws IOException {
            ObjectNode said = object(json);
            boolean verbose = said.path("verbose").asBoolean(false);
            boolean signs = !said.path("sig").asText().isEmpty();
            said.put("verbose", false);
            return new Introduction(said.toString(), verbose, signs);
        }
    }

    private static ObjectNode object(String json) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException("not a JSON object");
    }
}
