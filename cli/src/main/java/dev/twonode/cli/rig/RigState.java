package dev.twonode.cli.rig;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a rig's folder remembers between two commands.
///
/// @param schema version of this format
/// @param nodes both nodes; the first one is the designated one (`--leader`)
/// @param leads name of the node that led when last looked at
/// @param writer the background writer, if one was started
/// @param ground what the nodes run on; processes where nothing is said
/// @param kubernetes what runs on the kine of each node; nothing where nothing is said
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RigState(
        int schema,
        List<Node> nodes,
        String leads,
        @Nullable ProcessTag writer,
        Ground ground,
        Kubernetes kubernetes) {

    /// The format written by this version.
    public static final int SCHEMA = 1;

    public RigState {
        nodes = List.copyOf(nodes);
        ground = Objects.requireNonNullElse(ground, Ground.LOCAL);
        kubernetes = Objects.requireNonNullElse(kubernetes, Kubernetes.NONE);
    }

    /// A rig of which nothing was started yet.
    public static RigState fresh(int portOfA, int portOfB) {
        List<Node> both = List.of(Node.fresh("a", portOfA), Node.fresh("b", portOfB));
        return new RigState(SCHEMA, both, "a", null, Ground.LOCAL, Kubernetes.NONE);
    }

    /// This state on another ground.
    public RigState on(Ground other) {
        return new RigState(schema, nodes, leads, writer, other, kubernetes);
    }

    /// This state with another Kubernetes, or none.
    public RigState with(Kubernetes other) {
        return new RigState(schema, nodes, leads, writer, ground, other);
    }

    /// The node of this name.
    public Node node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    }

    /// The other node of the pair.
    public Node peerOf(String name) {
        return nodes.stream().filter(node -> !node.name().equals(name)).findFirst().orElseThrow();
    }

    /// Both servers as a person types them, this node's first. What a node calls its peer's server
    /// may mean nothing to a person elsewhere.
    public String addresses(String name) {
        return node(name).address() + "," + peerOf(name).address();
    }

    /// This state with one node replaced.
    public RigState with(Node changed) {
        List<Node> all = new ArrayList<>(nodes);
        all.replaceAll(node -> node.name().equals(changed.name()) ? changed : node);
        return new RigState(schema, all, leads, writer, ground, kubernetes);
    }

    /// This state with another node leading.
    public RigState withLeader(String name) {
        return new RigState(schema, nodes, name, writer, ground, kubernetes);
    }

    /// Whether this is the node that was told `--leader`.
    public boolean isDesignated(String name) {
        return nodes.getFirst().name().equals(name);
    }

    /// This state with another writer, or none.
    public RigState withWriter(@Nullable ProcessTag process) {
        return new RigState(schema, nodes, leads, process, ground, kubernetes);
    }

    /// Every process that was started and still runs.
    public List<ProcessTag> running() {
        List<ProcessTag> all = new ArrayList<>();
        for (Node node : nodes) {
            node.aliveServer().ifPresent(all::add);
            node.aliveAgent().ifPresent(all::add);
            all.addAll(node.aliveBeside());
        }
        Optional.ofNullable(writer).filter(ProcessTag::isAlive).ifPresent(all::add);
        return all;
    }

    /// Where the programs of a node listen on the loopback address; 0 where there is none.
    ///
    /// @param gateway its agent's gateway
    /// @param kine its kine
    /// @param kubernetes the API server of its Kubernetes
    /// @param controllers the controller manager beside that
    public record Ports(int gateway, int kine, int kubernetes, int controllers) {

        /// A server and an agent, and nothing else.
        public static final Ports NONE = new Ports(0, 0, 0, 0);
    }

    /// One node.
    ///
    /// @param name its name
    /// @param port where its server listens on the loopback address
    /// @param server its server process as last started
    /// @param agent its agent process as last started
    /// @param killedAs the role it had when it was last killed, until it is started again
    /// @param ports where its other programs listen
    /// @param beside its other programs as last started, by name
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Node(
            String name,
            int port,
            @Nullable ProcessTag server,
            @Nullable ProcessTag agent,
            @Nullable String killedAs,
            Ports ports,
            Map<String, ProcessTag> beside) {

        public Node {
            ports = Objects.requireNonNullElse(ports, Ports.NONE);
            beside = new TreeMap<>(Objects.requireNonNullElse(beside, Map.of()));
        }

        static Node fresh(String name, int port) {
            return new Node(name, port, null, null, null, Ports.NONE, Map.of());
        }

        /// The server's address as clients give it.
        public String url() {
            return "nats://127.0.0.1:" + port;
        }

        /// Its gateway as kine is told of it.
        public String kineEndpoint() {
            return "nats://127.0.0.1:" + ports.gateway() + "?noEmbed";
        }

        /// The server's address as a person types it.
        public String address() {
            return "localhost:" + port;
        }

        /// This node with other ports.
        public Node withPorts(Ports other) {
            return new Node(name, port, server, agent, killedAs, other, beside);
        }

        /// This node with another server process, or none.
        public Node withServer(@Nullable ProcessTag process) {
            return new Node(name, port, process, agent, killedAs, ports, beside);
        }

        /// This node with another agent process, or none.
        public Node withAgent(@Nullable ProcessTag process) {
            String role = process == null ? killedAs : null;
            return new Node(name, port, server, process, role, ports, beside);
        }

        /// This node with another one of its other programs, or without it.
        public Node withBeside(String program, @Nullable ProcessTag process) {
            Map<String, ProcessTag> changed = new TreeMap<>(beside);
            if (process == null) {
                changed.remove(program);
            } else {
                changed.put(program, process);
            }
            return new Node(name, port, server, agent, killedAs, ports, changed);
        }

        /// This node without any process.
        public Node withNothing() {
            return new Node(name, port, null, null, killedAs, ports, Map.of());
        }

        /// This node after all of its processes were killed.
        public Node killedAs(String role) {
            return new Node(name, port, null, null, role, ports, Map.of());
        }

        /// Its server, if it runs.
        public Optional<ProcessTag> aliveServer() {
            return Optional.ofNullable(server).filter(ProcessTag::isAlive);
        }

        /// Its agent, if it runs.
        public Optional<ProcessTag> aliveAgent() {
            return Optional.ofNullable(agent).filter(ProcessTag::isAlive);
        }

        /// One of its other programs, if it runs.
        public Optional<ProcessTag> aliveBeside(String program) {
            return Optional.ofNullable(beside.get(program)).filter(ProcessTag::isAlive);
        }

        /// Those of its other programs that run.
        public List<ProcessTag> aliveBeside() {
            return beside.values().stream().filter(ProcessTag::isAlive).toList();
        }

        /// This node, started again after it was killed.
        public Node revived() {
            return new Node(name, port, server, agent, null, ports, beside);
        }

        /// Whether its server and its agent run.
        @JsonIgnore
        public boolean isUp() {
            return aliveServer().isPresent() && aliveAgent().isPresent();
        }
    }
}
