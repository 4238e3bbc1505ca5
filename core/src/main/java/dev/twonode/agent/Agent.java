package dev.twonode.agent;

import dev.twonode.config.Config;
import dev.twonode.config.Timing;
import dev.twonode.gateway.Entrance;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.nats.MicroService;
import dev.twonode.nats.NatsLink;
import dev.twonode.nats.NatsStore;
import dev.twonode.node.ActionRunner;
import dev.twonode.node.Clock;
import dev.twonode.node.CopyWork;
import dev.twonode.node.EventLog;
import dev.twonode.node.Inbox;
import dev.twonode.node.JournalFile;
import dev.twonode.node.NodeDriver;
import dev.twonode.node.OwnStoreWork;
import dev.twonode.node.StateFolder;
import dev.twonode.node.StateFolderException;
import dev.twonode.node.WholeCopies;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.replication.LocalSnapshots;
import dev.twonode.replication.OrphanExports;
import dev.twonode.replication.Resync;
import dev.twonode.replication.RevisionJump;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.Stores;
import dev.twonode.service.SystemdNotifier;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One node's agent with all its parts, from start to end. The only class that knows both the NATS
/// adapters and those who use them.
public final class Agent implements AutoCloseable {

    private static final Log LOG = Log.of(Agent.class);

    private final Sessions sessions = new Sessions(new SecureRandom());
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Clock clock;
    private final Inbox inbox = new Inbox();
    private final StateFolder folder;
    private final NatsLink own;
    private final NatsLink peer;
    private final OwnStoreWork ownStore;
    private final CopyWork copy;
    private final GatewayWork gateway;
    private final Recent recent;
    private final LossNotice losses;
    private final NodeDriver driver;
    private final StatusPublisher status;
    private final Thread deciding;
    private volatile @Nullable Contacts contacts;
    private volatile boolean served;

    /// How an agent ended.
    public sealed interface End {

        /// It was asked to.
        record Stopped() implements End {}

        /// The two nodes cannot be a pair as they are configured.
        ///
        /// @param why what is wrong and what to do
        record Misconfigured(String why) implements End {}

        /// The own server does not let the agent in.
        ///
        /// @param why what it refused and what to do
        record NotAuthorised(String why) implements End {}
    }

    /// Starts an agent.
    ///
    /// @param version what it says that it is
    /// @param systemd told how it is
    /// @throws StateFolderException if the state folder or the journal cannot be used
    /// @throws GatewayException if the addresses of the gateway cannot be used
    public static Agent start(Config config, String version, SystemdNotifier systemd)
            throws StateFolderException, GatewayException {
        return start(config, version, new World(Clock.system(), systemd));
    }

    /// What an agent takes from outside its settings.
    ///
    /// @param clock its clocks
    /// @param systemd told how it is
    record World(Clock clock, SystemdNotifier systemd) {}

    /// What an agent has taken of its machine before it speaks to any server.
    ///
    /// @param entrance null where no gateway is wanted
    private record Ground(
            StateFolder folder, JournalFile file, Journal journal, @Nullable Entrance entrance) {}

    /// Starts an agent in that world.
    static Agent start(Config config, String version, World world)
            throws StateFolderException, GatewayException {
        StateFolder folder = StateFolder.open(config.stateDir());
        try {
            JournalFile file = new JournalFile(folder, config.name(), config.pair().bucket());
            Ground ground = new Ground(folder, file, file.read(), GatewayWork.enter(config));
            Agent agent = new Agent(config, version, ground, world);
            Wire.prepare(config.name());
            if (!agent.end.isDone()) {
                agent.deciding.start();
            }
            agent.status.start();
            return agent;
        } catch (StateFolderException | GatewayException e) {
            folder.close();
            throw e;
        }
    }

    private Agent(Config config, String version, Ground ground, World world) {
        this.folder = ground.folder();
        this.clock = world.clock();
        Subjects subjects = new Subjects(config.pair().bucket(), config.pair().subjectPrefix());
        String process = MachineSettings.token();
        Settings settings = MachineSettings.of(config, process, MachineSettings.token());
        Timing timing = config.timing();
        LinkWatches watches = LinkWatches.of(inbox, clock, config);
        String name = "twonode-" + config.name();
        own =
                NatsLink.open(
                        config.server(),
                        name,
                        timing.peerTimeout(),
                        event -> {
                            if (canServe(event) && meet(event)) {
                                watches.own().accept(event);
                            }
                        });
        peer =
                NatsLink.open(
                        config.peer(),
                        name + "-peer",
                        timing.peerTimeout(),
                        watches.peer().andThen(this::meet));
        JoinedCheck check = new JoinedCheck(own, peer, timing.peerTimeout(), this::misconfigured);
        Report.Sender self = new Report.Sender(null, config.name(), process, 0);
        contacts =
                new Contacts(
                        check, new OtherAgents(own, subjects, self, clock, this::misconfigured));
        meet();
        Duration patience = timing.peerTimeout().dividedBy(3);
        String bucket = config.pair().bucket();
        NatsStore ownStream = new NatsStore(own, bucket, patience);
        NatsStore peerStream = new NatsStore(peer, bucket, patience);
        Stores quick = new Stores(ownStream, peerStream);
        Stores patient =
                new Stores(
                        ownStream.within(config.server().requestTimeout()),
                        peerStream.within(config.peer().requestTimeout()));
        OrphanExports orphans = new OrphanExports(folder.path(), InstantSource.system());
        Resync.Folders folders =
                new Resync.Folders(
                        orphans, new LocalSnapshots(folder.path(), InstantSource.system()));
        ownStore =
                new OwnStoreWork(
                        ownStream,
                        new RevisionJump(patient.own(), bucket, InstantSource.system()),
                        inbox,
                        clock,
                        sessions);
        recent = new Recent(config.name(), new EventLog(folder), clock, this::changed);
        copy =
                new CopyWork(
                        patient,
                        quick,
                        folders,
                        inbox,
                        clock,
                        sessions,
                        number -> subjects.stored(process, number),
                        new WholeCopies(recent::note, clock));
        PeerReports reports =
                new PeerReports(
                        config.name(),
                        process,
                        inbox,
                        clock,
                        watches.peer()::heard,
                        this::misconfigured,
                        () -> {
                            if (served) {
                                check.look();
                            }
                        });
        Requests requests = new Requests();
        PeerTalk talk = new PeerTalk(peer, subjects, self, inbox, clock, reports, patience);
        gateway = GatewayWork.open(config, ground.entrance(), inbox, clock, talk::enquire);
        losses = LossNotice.open(config, recent, inbox, clock);
        ActionRunner runner =
                new ActionRunner(
                        config.name(),
                        ground.file(),
                        ownStore,
                        copy,
                        new ActionRunner.Partners(talk, requests::answer, gateway, losses));
        Watchers watchers =
                new Watchers(recent, new ServiceReports(world.systemd(), clock), gateway);
        driver = new NodeDriver(settings, ground.journal(), inbox, runner, clock, watchers);
        StateJson json =
                new StateJson(
                        new StateJson.Identity(
                                subjects,
                                config.server().server().toString(),
                                config.peer().server().toString(),
                                version,
                                config.gateway().commit().name().toLowerCase(Locale.ROOT),
                                clock.wall()),
                        clock,
                        timing.peerTimeout());
        Snapshots snapshots =
                new Snapshots(
                        json,
                        driver,
                        new Snapshots.Parts(ownStore, copy, watches, own, peer, gateway),
                        reports,
                        recent,
                        orphans);
        talk.describeWith(snapshots::describe, () -> driver.state().memory().journal().pairId());
        status = new StatusPublisher(own, subjects, snapshots::bytes);
        AgentSubjects served =
                new AgentSubjects(
                        subjects,
                        inbox,
                        clock,
                        requests,
                        Sightings.of(ownStream, driver, inbox, clock).before(snapshots::bytes),
                        orphans,
                        losses,
                        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        served.servePeer(own, reports);
        served.hearCopies(peer);
        served.serveOperators(service(config, version)::endpoint);
        deciding = Thread.ofPlatform().name("node").unstarted(() -> decide(driver));
    }

    /// Those who are told what the node does.
    private record Watchers(Recent recent, ServiceReports service, GatewayWork gateways)
            implements NodeDriver.Transitions {

        @Override
        public void changed(State before, State after) {
            recent.changed(before, after);
        }

        @Override
        public void holds(State state) {
            gateways.accept(state);
        }

        @Override
        public void beat(State state) {
            service.beat(state);
            gateways.beat();
        }
    }

    /// The micro service lets `nats micro` list this agent.
    private MicroService service(Config config, String version) {
        return new MicroService(
                own,
                new MicroService.Description(
                        "twonode",
                        version,
                        "twonode agent of node " + config.name(),
                        Map.of("node", config.name().value(), "bucket", config.pair().bucket())));
    }

    private void decide(NodeDriver deciding) {
        try {
            deciding.run();
            end.complete(new End.Stopped());
        } catch (RuntimeException e) {
            LOG.error("a broken invariant ends this agent", e);
            end.completeExceptionally(e);
        }
    }

    private void changed() {
        status.now();
    }

    /// A server that can never serve this agent ends it at once, with nothing done to its streams,
    /// rather than be retried for ever. One that has served it is waited for, whatever it says now.
    private boolean canServe(LinkEvent event) {
        return switch (event) {
            case LinkEvent.Connected(ServerIdentity server) -> {
                Optional<String> unfit = served ? Optional.empty() : Fitness.unfit(server);
                unfit.ifPresent(this::misconfigured);
                served = unfit.isEmpty();
                yield served;
            }
            case LinkEvent.DialFailed(Dialed.Unsuitable unsuitable) -> {
                if (!served) {
                    refuse(unsuitable);
                }
                yield true;
            }
            case LinkEvent.DialFailed _, LinkEvent.Disconnected _ -> true;
        };
    }

    /// What does not pass by itself. A greeting that broke off does, and a server that is full.
    private void refuse(Dialed.Unsuitable unsuitable) {
        switch (unsuitable.fault()) {
            case AUTHORIZATION -> end.complete(new End.NotAuthorised(unsuitable.why()));
            case OWN_FILES, TLS, TOO_OLD, GATEWAY ->
                    misconfigured("own server: " + unsuitable.why());
            case FULL, PROTOCOL -> {}
        }
    }

    /// Who else is there is asked behind a server that can serve this agent: why one cannot is the
    /// better reason to end.
    ///
    /// @return whether this agent goes on
    private boolean meet(LinkEvent event) {
        if (event instanceof LinkEvent.Connected) {
            meet();
        }
        return !end.isDone();
    }

    private void meet() {
        Contacts met = contacts;
        if (served && met != null) {
            met.look();
        }
    }

    private void misconfigured(String why) {
        end.complete(new End.Misconfigured(why));
    }

    /// Asks the agent to end: the clients of its gateway are let go, then a leader hands over if
    /// its follower is in sync.
    public void stop() {
        gateway.dismiss();
        inbox.post(new Event.StopAsked(clock.millis()));
    }

    /// Waits until the agent has ended.
    ///
    /// @throws ExecutionException if it ended by a defect of its own
    public End awaitEnd() throws InterruptedException, ExecutionException {
        return end.get();
    }

    /// Waits for the end at most so long.
    ///
    /// @return whether it ended
    public boolean awaitEnd(Duration patience) throws InterruptedException, ExecutionException {
        try {
            end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        deciding.interrupt();
        gateway.close();
        status.close();
        Contacts met = contacts;
        if (met != null) {
            met.close();
        }
        losses.close();
        copy.close();
        ownStore.close();
        peer.close();
        own.close();
        recent.close();
        folder.close();
    }
}
