package dev.twonode.cli.rig;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a rig's folder remembers between two commands.
///
/// @param schema version of this format
/// @param nodes both nodes; the first one is the designated one (`--leader`)
/// @param leads name of the node that led when last looked at
/// @param writer the background writer, if one was started
/// @param ground what the nodes run on; processes where nothing is said
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RigState(
        int schema, List<Node> nodes, String leads, @Nullable ProcessTag writer, Ground ground) {

    /// The format written by this version.
    public static final int SCHEMA = 1;

    public RigState {
        nodes = List.copyOf(nodes);
        ground = Objects.requireNonNullElse(ground, Ground.LOCAL);
    }

    /// A rig of which nothing was started yet.
    public static RigState fresh(int portOfA, int portOfB) {
        List<Node> both = List.of(Node.fresh("a", portOfA), Node.fresh("b", portOfB));
        return new RigState(SCHEMA, both, "a", null, Ground.LOCAL);
    }

    /// This state on another ground.
    public RigState on(Ground other) {
        return new RigState(schema, nodes, leads, writer, other);
    }

    /// The node of this name.
    public Node node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    }

    /// The other node of the pair.
    public Node peerOf(String name) {
        return nodes.stream().filter(node -> !node.name().equals(name)).findFirst().orElseThrow();
    }

    /// This state with one node replaced.
    public RigState with(Node changed) {
        List<Node> all = new ArrayList<>(nodes);
        all.replaceAll(node -> node.name().equals(changed.name()) ? changed : node);
        return new RigState(schema, all, leads, writer, ground);
    }

    /// This state with another node leading.
    public RigState withLeader(String name) {
        return new RigState(schema, nodes, name, writer, ground);
    }

    /// Whether this is the node that was told `--leader`.
    public boolean isDesignated(String name) {
        return nodes.getFirst().name().equals(name);
    }

    /// This state with another writer, or none.
    public RigState withWriter(@Nullable ProcessTag process) {
        return new RigState(schema, nodes, leads, process, ground);
    }

    /// Every process that was started and still runs.
    public List<ProcessTag> running() {
        List<ProcessTag> all = new ArrayList<>();
        for (Node node : nodes) {
            node.aliveServer().ifPresent(all::add);
            node.aliveAgent().ifPresent(all::add);
        }
        Optional.ofNullable(writer).filter(ProcessTag::isAlive).ifPresent(all::add);
        return all;
    }

    /// One node.
    ///
    /// @param name its name
    /// @param port where its server listens on the loopback address
    /// @param server its server process as last started
    /// @param agent its agent process as last started
    /// @param killedAs the role it had when it was last killed, until it is started again
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Node(
            String name,
            int port,
            @Nullable ProcessTag server,
            @Nullable ProcessTag agent,
            @Nullable String killedAs) {

        static Node fresh(String name, int port) {
            return new Node(name, port, null, null, null);
        }

        /// The server's address as clients give it.
        public String url() {
            return "nats://127.0.0.1:" + port;
        }

        /// The server's address as a person types it.
        public String address() {
            return "localhost:" + port;
        }

        /// This node with another server process, or none.
        public Node withServer(@Nullable ProcessTag process) {
            return new Node(name, port, process, agent, killedAs);
        }

        /// This node with another agent process, or none.
        public Node withAgent(@Nullable ProcessTag process) {
            return new Node(name, port, server, process, process == null ? killedAs : null);
        }

        /// This node after both of its processes were killed.
        public Node killedAs(String role) {
            return new Node(name, port, null, null, role);
        }

        /// Its server, if it runs.
        public Optional<ProcessTag> aliveServer() {
            return Optional.ofNullable(server).filter(ProcessTag::isAlive);
        }

        /// Its agent, if it runs.
        public Optional<ProcessTag> aliveAgent() {
            return Optional.ofNullable(agent).filter(ProcessTag::isAlive);
        }

        /// This node, started again after it was killed.
        public Node revived() {
            return new Node(name, port, server, agent, null);
        }

        /// Whether both of its processes run.
        @JsonIgnore
        public boolean isUp() {
            return aliveServer().isPresent() && aliveAgent().isPresent();
        }
    }
}
