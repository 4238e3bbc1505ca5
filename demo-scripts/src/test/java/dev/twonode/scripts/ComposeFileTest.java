package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/// What `compose.yaml` and the files around it say, without an engine that runs them.
final class ComposeFileTest {
    private static final Pattern PINNED =
            Pattern.compile("[a-z0-9/.-]+:v?\\d+\\.\\d+\\.\\d+[\\w.-]*");

    private Map<String, JsonNode> services;

    private JsonNode volumes;

    @BeforeEach
    void readFile() throws IOException {
        // Jackson's own reader of YAML leaves what is merged into a service as it stands.
        try (Reader reader = Files.newBufferedReader(Path.of("compose.yaml"))) {
            JsonNode file = new ObjectMapper().valueToTree(new Yaml().<Object>load(reader));
            services = new TreeMap<>();
            file.path("services")
                    .properties()
                    .forEach(one -> services.put(one.getKey(), one.getValue()));
            volumes = file.path("volumes");
        }
    }

    private JsonNode service(String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    private static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(one -> all.add(one.asText()));
        return all;
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static List<String> found(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().map(r -> r.group(1)).toList();
    }

    /// What `docker compose up` starts for these services.
    private Set<String> withDependencies(List<String> names) {
        Set<String> all = new TreeSet<>();
        for (String name : names) {
            all.add(name);
            Iterator<String> needed = service(name).path("depends_on").fieldNames();
            needed.forEachRemaining(one -> all.addAll(withDependencies(List.of(one))));
        }
        return all;
    }

    @Test
    void eachNodeHasItsServerAgentKineAndKubernetes() {
        assertThat(services)
                .containsOnlyKeys(
                        "nats1", "twonode1", "kine1", "k3s1", "nats2", "twonode2", "kine2", "k3s2");
    }

    @Test
    void everyImageIsPinned() throws IOException {
        List<String> images = new ArrayList<>(found(text("Dockerfile"), "(?m)^FROM (\\S+)"));
        services.values().forEach(one -> images.add(one.path("image").asText()));
        images.addAll(found(text("workloads/nginx.yaml"), "image: (\\S+)"));

        assertThat(images)
                .hasSize(11)
                .allSatisfy(image -> assertThat(image).doesNotContain("latest"));
        assertThat(images.stream().filter(image -> !image.startsWith("debian:")))
                .allSatisfy(image ->
                        assertThat(image.replace('_', '.').replace("+", ".")).matches(PINNED));
    }

    @Test
    void theImagesAreOfTheVersionsThatTheToolsScriptGets() throws IOException {
        String tools = text("tools");
        String nats = found(tools, "nats-server\\) echo ([\\d.]+\\.[1-9]\\d*) ;;").getFirst();
        String kine = found(tools, "(?s)pinned\\(\\).*?kine\\) echo ([\\d.]+) ;;").getFirst();
        String kubernetes = found(tools, "kube-\\*\\) echo ([\\d.]+) ;;").getFirst();

        assertThat(service("nats1").path("image").asText()).isEqualTo("nats:" + nats + "-alpine");
        assertThat(service("kine1").path("image").asText()).isEqualTo("rancher/kine:v" + kine);
        assertThat(service("k3s1").path("image").asText())
                .startsWith("rancher/k3s:v" + kubernetes + "-k3s");
    }

    @Test
    void everyServiceIsWatchedAndStartedAgain() throws IOException {
        assertThat(services)
                .allSatisfy((name, service) -> {
                    assertThat(service.path("restart").asText()).isEqualTo("unless-stopped");
                    assertThat(
                                    name.startsWith("twonode")
                                            || !service.path("healthcheck").path("test").isEmpty())
                            .as(name + " has a health check")
                            .isTrue();
                });
        assertThat(text("Dockerfile"))
                .containsPattern("HEALTHCHECK [^\\[]*CMD \\[\"twonode\", \"state\"]")
                .contains("STOPSIGNAL SIGTERM")
                .containsPattern("USER [1-9]\\d+");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theThreeServicesOfANodeBringItsAgentAndNothingOfTheOtherNode(int node) {
        assertThat(withDependencies(List.of("nats" + node, "kine" + node, "k3s" + node)))
                .containsExactlyInAnyOrder(
                        "nats" + node, "twonode" + node, "kine" + node, "k3s" + node);
        Map.of("twonode", "nats", "kine", "twonode", "k3s", "kine")
                .forEach((name, needed) ->
                        assertThat(
                                        service(name + node)
                                                .path("depends_on")
                                                .path(needed + node)
                                                .path("condition")
                                                .asText())
                                .isEqualTo("service_healthy"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theProgramsAreCalledAsTheReadmeSays(int node) throws IOException {
        int peer = 3 - node;
        String kine = String.join(" ", texts(service("kine" + node).path("command")));
        List<String> agent = texts(service("twonode" + node).path("command"));

        assertThat(kine).contains("--endpoint=nats://twonode" + node + ":4240?noEmbed");
        assertThat(agent)
                .startsWith("run")
                .containsSubsequence("--peer-url", "nats://nats" + peer + ":4222")
                .containsSubsequence("--gateway", "twonode" + node + ":4240");
        assertThat(agent.contains("--leader")).isEqualTo(node == 1);
        assertThat(service("twonode" + node).path("environment").path("NATS_URL").asText())
                .isEqualTo("nats://nats" + node + ":4222");
        assertThat(
                        service("k3s" + node)
                                .path("environment")
                                .path("K3S_DATASTORE_ENDPOINT")
                                .asText())
                .isEqualTo("http://kine" + node + ":2379");
        assertThat(text("../README.md"))
                .contains("docker compose up -d nats%1$d kine%1$d k3s%1$d".formatted(node));
    }

    @Test
    void theReadmeNamesOnlyServicesAndFilesThatAreHere() throws IOException {
        String readme = text("../README.md");
        List<String> commands = found(readme, "docker compose (?:up -d|stop|kill) ([a-z0-9 ]+)");

        assertThat(commands).isNotEmpty();
        assertThat(commands.stream().flatMap(line -> Stream.of(line.strip().split(" +"))))
                .isSubsetOf(services.keySet());
        assertThat(readme).contains("kubectl apply -f workloads/nginx.yaml");
        assertThat(Path.of("workloads/nginx.yaml")).exists();
    }

    @Test
    void nothingIsReachableFromOtherMachinesAndEveryPortCanBeMoved() {
        List<String> ports =
                services.values().stream()
                        .flatMap(one -> texts(one.path("ports")).stream())
                        .toList();

        assertThat(ports).hasSize(6);
        assertThat(ports)
                .allSatisfy(port ->
                        assertThat(port)
                                .matches("127\\.0\\.0\\.1:\\$\\{TWONODE_PORT_\\w+:-\\d+}:.*"));
        assertThat(defaultPort("nats1")).isEqualTo("4222");
        assertThat(defaultPort("nats2")).isEqualTo("4223");
    }

    private String defaultPort(String service) {
        return found(service(service).path("ports").toString(), ":-(\\d+)}").getFirst();
    }

    @Test
    void bothServersForceEveryWriteToDisk() throws IOException {
        assertThat(text("nats.conf")).containsPattern("(?m)^  sync_interval: always$");
        for (String name : List.of("nats1", "nats2")) {
            assertThat(texts(service(name).path("volumes")))
                    .contains("./nats.conf:/etc/nats/nats.conf:ro", name + ":/data");
        }
    }

    @Test
    void kubernetesWritesTheFilesThatItsClientsAreTold() throws IOException {
        Map.of("k3s1", "leader", "k3s2", "follower")
                .forEach((name, role) -> {
                    String file = "/output/kubeconfig-" + role + ".yaml";
                    JsonNode service = service(name);
                    assertThat(service.path("environment").path("K3S_KUBECONFIG_OUTPUT").asText())
                            .isEqualTo(file);
                    assertThat(texts(service.path("healthcheck").path("test"))).contains(file);
                    // The file names the port that K3s listens on, so it has to be the published.
                    assertThat(service.path("ports").get(0).asText())
                            .endsWith(
                                    ":" + service.path("command").get(1).asText().split("=", 2)[1]);
                });
        assertThat(text("../README.md"))
                .contains("kubeconfig-leader.yaml", "kubeconfig-follower.yaml");
    }

    @Test
    void everyVolumeThatIsUsedIsDeclared() {
        List<String> used =
                services.values().stream()
                        .flatMap(one -> texts(one.path("volumes")).stream())
                        .flatMap(one -> Pattern.compile("^([a-z0-9-]+):").matcher(one).results())
                        .map(MatchResult::group)
                        .map(one -> one.replace(":", ""))
                        .toList();

        assertThat(used).hasSize(8);
        assertThat(volumes.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(used);
    }
}
