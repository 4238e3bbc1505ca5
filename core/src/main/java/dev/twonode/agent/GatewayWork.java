package dev.twonode.agent;

import dev.twonode.config.Config;
import dev.twonode.config.GatewayConfig;
import dev.twonode.gateway.Entrance;
import dev.twonode.gateway.Gateway;
import dev.twonode.gateway.GatewaySettings;
import dev.twonode.nats.GatewayDial;
import dev.twonode.nats.GatewayTls;
import dev.twonode.node.ActionRunner;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.node.Pulse;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Peer;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Timing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The node's gateway, told after every step what it may do. A node may have none.
final class GatewayWork implements ActionRunner.Gateways, Consumer<State>, AutoCloseable {

    private final @Nullable Gateway gateway;
    private final Inbox inbox;
    private final Clock clock;
    private final Timing timing;
    private final Showing.Policy policy;
    private final LeaderEnquiry enquiry;
    private final Pulse pulse;
    private Peer.Link link = Peer.Link.DOWN;

    private GatewayWork(
            Config config,
            @Nullable Entrance entrance,
            Inbox inbox,
            Clock clock,
            LeaderEnquiry.Question question) {
        this.enquiry = new LeaderEnquiry(question);
        this.pulse = new Pulse(config.timing().toProtocol().pause());
        this.gateway = entrance == null ? null : gateway(config, entrance, clock);
        this.inbox = inbox;
        this.clock = clock;
        this.timing = config.timing().toProtocol();
        this.policy = policy(config.gateway());
    }

    /// Takes the addresses of the gateway, before anything else is done: whether they are to be had
    /// does not depend on any server.
    ///
    /// @return null where no gateway is wanted
    /// @throws GatewayException if one of them is not to be had, or the certificate cannot be used
    static @Nullable Entrance enter(Config config) throws GatewayException {
        if (config.gateway().addresses().isEmpty()) {
            return null;
        }
        try {
            return Entrance.at(settings(config));
        } catch (IOException e) {
            throw new GatewayException(String.valueOf(e.getMessage()), e);
        }
    }

    /// @param entrance what [#enter] gave
    /// @param question how the peer's agent is asked
    static GatewayWork open(
            Config config,
            @Nullable Entrance entrance,
            Inbox inbox,
            Clock clock,
            LeaderEnquiry.Question question) {
        GatewayWork work = new GatewayWork(config, entrance, inbox, clock, question);
        work.enquiry.start();
        return work;
    }

    private Gateway gateway(Config config, Entrance entrance, Clock clock) {
        return Gateway.open(
                entrance,
                new GatewayDial(config.server(), config.peer()),
                clock::millis,
                () -> pulse.isFresh(clock.millis(), clock.wall()),
                this::seen);
    }

    static GatewaySettings settings(Config config) throws IOException {
        GatewayConfig wanted = config.gateway();
        Optional<GatewayConfig.Certificate> certificate = wanted.certificate();
        return new GatewaySettings(
                wanted.addresses(),
                config.pair().bucket(),
                wanted.holdTimeout(),
                config.timing().dialTimeout(),
                config.stateDir().resolve("leftovers"),
                certificate.isPresent() ? new GatewayTls(certificate.get()) : null);
    }

    private void seen(Showing.Leader leader, long sequence) {
        switch (leader.place()) {
            case OWN ->
                    inbox.post(
                            new Event.SequenceSeen(
                                    clock.millis(), leader.term().number(), sequence));
            case PEER -> enquiry.seen(leader, sequence);
        }
    }

    private static Showing.Policy policy(GatewayConfig config) {
        boolean stops = config.whenAlone() == GatewayConfig.WhenAlone.STOP;
        return new Showing.Policy(stops, config.ahead());
    }

    @Override
    public void accept(State state) {
        if (gateway != null) {
            Showing showing = Showing.of(state, timing, policy);
            gateway.show(showing);
            look(gateway, showing, state.memory().peer().link());
            enquiry.look(showing, gateway.clients() > 0);
        }
    }

    /// The agent's own connection asks whether the peer's server is still there, clients' do not.
    private void look(Gateway clients, Showing showing, Peer.Link now) {
        boolean broke = link == Peer.Link.UP && now != Peer.Link.UP;
        link = now;
        if (broke
                && showing instanceof Showing.Leader leader
                && leader.place() == Showing.Place.PEER) {
            clients.broke(leader.serverId());
        }
    }

    /// Whether a leader shows nothing until its follower is back, on this gateway or any other.
    boolean isStoppedAlone(State state) {
        return state instanceof State.Leading leading
                && Showing.isStoppedAlone(leading, timing, policy);
    }

    /// The agent decides at this moment, also about a server that stores nothing.
    void beat() {
        if (gateway != null && !pulse.isFresh(clock.millis(), clock.wall())) {
            gateway.slept();
        }
        pulse.beat(clock.millis(), clock.wall());
        refusal().map(it -> new Event.WritesRefused(clock.millis(), it)).ifPresent(inbox::post);
    }

    @Override
    public void hold(long op) {
        Runnable held = () -> inbox.post(new Event.GatewaysHeld(clock.millis(), op));
        if (gateway == null) {
            // Who decides cannot wait for room in the inbox that it empties itself.
            Thread.ofVirtual().name("gateway-held").start(held);
        } else {
            gateway.whenHeld(held);
        }
    }

    /// Where it listens.
    List<String> addresses() {
        return gateway == null ? List.of() : gateway.names();
    }

    /// The refusal of a leader's server to store, its own or the peer's, as far as clients of this
    /// gateway met one.
    Optional<Refusal> refusal() {
        return gateway == null ? Optional.empty() : gateway.refusal();
    }

    /// Clients at this moment.
    int clients() {
        return gateway == null ? 0 : gateway.clients();
    }

    /// Lets all clients go, while this node can still see to their answers.
    void dismiss() {
        if (gateway != null) {
            gateway.dismiss();
        }
    }

    @Override
    public void close() {
        enquiry.close();
        if (gateway != null) {
            gateway.close();
        }
    }
}
