package dev.twonode.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Hears both agents say who leads in which term. Two of them in one term are one too many.
final class Terms {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Long, String> leaders = new HashMap<>();
    private final List<String> conflicts = new ArrayList<>();

    void listenOn(Line line) {
        line.listen("twonode." + FaultPair.BUCKET + ".status", this::heard);
    }

    private synchronized void heard(byte[] body) {
        try {
            JsonNode status = JSON.readTree(body);
            if (status.path("isLeader").asBoolean()) {
                String node = status.path("node").asText();
                long term = status.path("term").asLong();
                String before = leaders.putIfAbsent(term, node);
                if (before != null && !before.equals(node)) {
                    conflicts.add("term %d: %s and %s".formatted(term, before, node));
                }
            }
        } catch (IOException e) {
            conflicts.add("a status that is not JSON: " + e.getMessage());
        }
    }

    synchronized List<String> conflicts() {
        return List.copyOf(conflicts);
    }
}
