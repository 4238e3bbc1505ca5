package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.faults.KineLedger.Told;
import dev.twonode.testing.Await;
import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.EtcdClient.ReadFailed;
import dev.twonode.testing.EtcdWatch;
import dev.twonode.testing.KineProcess;
import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A pair of real processes with a kine on each node, behind the gateway of that node's agent, and
/// clients of both kines that remember everything.
final class KinePair implements AutoCloseable {

    private static final String KEYS = "/registry/suite/";
    private static final Duration BOUND = Duration.ofSeconds(45);
    private static final int GROWTH = 12;

    final FaultPair pair;
    private final KineControl control;
    private final KineLedger ledger = new KineLedger();
    private final Map<String, KineProcess> kines = new TreeMap<>();
    private final Map<String, EtcdClient> clients = new TreeMap<>();
    private final Map<String, KineWatcher> watchers = new TreeMap<>();
    private final Set<String> outlived = new HashSet<>();
    private KineCompactor.Reached compacted = new KineCompactor.Reached(0, 0);
    private @Nullable KineLoad load;
    private @Nullable KineCompactor compactor;
    private int loads;
    private long compactTo;
    private Begin begin = new Begin(0, 0, 0, 0, 0, 0);

    /// Where a case began.
    private record Begin(
            long nanos, long revision, int writes, long done, long refused, long unknown) {}

    KinePair(Path folder, KineControl control) {
        this.control = control;
        pair = new FaultPair(folder);
        int gatewayOfA = NatsServerProcess.freePort();
        int gatewayOfB = NatsServerProcess.freePort();
        pair.a.openGateway(gatewayOfA);
        pair.b.openGateway(gatewayOfB);
        pair.a.use(pair.b.server().url(), List.of("--leader"));
        pair.b.use(pair.a.server().url(), List.of());
        pair.start();
        start("a", gatewayOfA, folder);
        start("b", gatewayOfB, folder);
    }

    private void start(String node, int gateway, Path folder) {
        KineProcess kine =
                new KineProcess("nats://127.0.0.1:" + gateway, folder.resolve("kine-" + node))
                        .awaitListening();
        kines.put(node, kine);
        EtcdClient client = new EtcdClient(kine.url());
        clients.put(node, client);
        watchers.put(node, new KineWatcher(client, KEYS));
    }

    /// Makes the pair whole, and begins to write unless it does already.
    void recover() {
        pair.heal();
        if (load == null) {
            begin =
                    new Begin(
                            System.nanoTime(),
                            watcher("a").lastRevision(),
                            ledger.writes().size(),
                            ledger.count(Told.DONE),
                            ledger.count(Told.REFUSED),
                            ledger.count(Told.UNKNOWN));
            loads++;
            load = new KineLoad(clients, KEYS + loads + "/", ledger);
            String kine = loads % 2 == 0 ? "a" : "b";
            compactor = new KineCompactor(kine, client(kine), ledger, compacted, compactTo);
        }
        awaitWrites(pair.a);
        awaitWrites(pair.b);
    }

    /// Waits until the kine of a node has acknowledged some more writes.
    void awaitWrites(Machine node) {
        long before = ledger.done(node.name);
        try {
            Await.await(
                    "writes through the kine of node " + node.name + " go on",
                    BOUND,
                    () -> ledger.done(node.name) >= before + GROWTH);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + situation(), e);
        }
    }

    /// What every case ends with.
    ///
    /// @param unharmed nodes whose kine had a gateway all the time: no request may have failed
    void assertUnnoticed(String what, List<Machine> unharmed) {
        pair.awaitWhole();
        awaitWrites(pair.a);
        awaitWrites(pair.b);
        endWriting();
        List<String> harmed = new ArrayList<>(kines.keySet());
        unharmed.forEach(it -> harmed.remove(it.name));
        settle(harmed);
        List<String> complaints = new ArrayList<>(ledger.complaints());
        unharmed.forEach(it -> complaints.addAll(failures(it.name)));
        unharmed.forEach(it -> complaints.addAll(unknown(it.name)));
        complaints.addAll(judge());
        try (KineNudge _ = new KineNudge(client("a"), "/registry/nudge/" + loads + "/")) {
            complaints.addAll(judgeAgain());
        }
        report(what);
        assertThat(complaints).as(what + "\n" + situation()).isEmpty();
        pair.assertSame();
        compactTo = begin.revision();
    }

    private void endWriting() {
        KineLoad writing = load;
        if (writing != null) {
            writing.close();
            load = null;
        }
        KineCompactor compacting = compactor;
        if (compacting != null) {
            compacted = compacting.end();
            compactor = null;
        }
    }

    /// Waits until both watchers were told of everything, and leases have run out. A kine removes a
    /// leased key once, whatever comes of it, so those behind a dead gateway may stay.
    private void settle(List<String> harmed) {
        awaitTold(
                ledger.writes().stream().mapToLong(KineLedger.Write::revision).max().orElse(0),
                () -> isRunOut(harmed));
        try {
            String key = KEYS + "end/" + loads;
            long end = client("a").create(key, key + "=end").revision();
            ledger.add(new KineLedger.Write("a", key, key + "=end", Told.DONE, end, false));
            awaitTold(end, () -> true);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitTold(long last, BooleanSupplier condition) {
        try {
            Await.await(
                    "both watchers are told of " + last + ", and leases have run out",
                    BOUND,
                    () ->
                            watchers.values().stream().allMatch(it -> it.lastRevision() >= last)
                                    && watcher("a").lastRevision() == watcher("b").lastRevision()
                                    && condition.getAsBoolean());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + situation(), e);
        }
    }

    /// Watches that begin anew are told the same again. A lease may still run out meanwhile.
    private List<String> judgeAgain() {
        long end = watcher("a").lastRevision();
        List<EtcdWatch.Event> since = part(watcher("a").events(), end);
        KineJudge judge = new KineJudge(since, List.of());
        clients.forEach((node, client) -> {
            try (EtcdWatch again = client.watch(KEYS, begin.revision() + 1).awaitOpen()) {
                Await.await(
                        "a new watch at kine " + node + " is told of " + end,
                        BOUND,
                        () -> again.events().size() >= since.size());
                judge.judgeSame(part(again.events(), end));
            }
        });
        watchers.values().forEach(KineWatcher::resume);
        return judge.complaints();
    }

    /// The events of this case, up to a revision.
    private List<EtcdWatch.Event> part(List<EtcdWatch.Event> events, long end) {
        return events.stream()
                .filter(it -> it.revision() > begin.revision() && it.revision() <= end)
                .toList();
    }

    private static List<EtcdWatch.Event> upTo(List<EtcdWatch.Event> events, long end) {
        return events.stream().filter(it -> it.revision() <= end).toList();
    }

    private boolean isRunOut(List<String> harmed) {
        Set<String> left = judgeOf("a").leasedLeft();
        left.removeAll(outlived);
        ledger.writes().stream()
                .filter(it -> harmed.contains(it.kine()))
                .map(KineLedger.Write::key)
                .forEach(left::remove);
        return left.isEmpty();
    }

    private KineJudge judgeOf(String node) {
        return new KineJudge(watcher(node).events(), ledger.writes());
    }

    /// Up to what both watchers were told: a lease may still run out meanwhile.
    private List<String> judge() {
        long end = Math.min(watcher("a").lastRevision(), watcher("b").lastRevision());
        KineJudge judge = new KineJudge(upTo(watcher("a").events(), end), ledger.writes());
        judge.judgeEvents();
        judge.judgeSame(upTo(watcher("b").events(), end));
        long then = (begin.revision() + watcher("a").lastRevision()) / 2;
        clients.forEach((node, client) -> {
            try {
                EtcdClient.Listing now = client.list(KEYS);
                judge.judgeListing("kine " + node, now.revision(), now);
                judge.judgeListing("kine " + node, then, client.list(KEYS, then));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        outlived.addAll(judge.leasedLeft());
        List<String> complaints = new ArrayList<>(judge.complaints());
        kines.forEach((node, kine) -> {
            if (!kine.isRunning()) {
                complaints.add("kine " + node + " has ended:\n" + kine.log());
            }
        });
        if (compacted.revision() > 0) {
            clients.values().forEach(this::awaitCompacted);
        }
        return complaints;
    }

    private void awaitCompacted(EtcdClient client) {
        Await.await(
                "nothing is told from below " + compacted,
                BOUND,
                () -> {
                    try {
                        client.list(KEYS, compacted.revision() - 1);
                        return false;
                    } catch (ReadFailed e) {
                        return e.isCompacted();
                    }
                });
    }

    private List<String> failures(String kine) {
        return ledger.requests(kine, begin.nanos()).stream()
                .map(KineLedger.Request::failure)
                .filter(it -> it != null)
                .map(it -> "kine " + kine + ": " + it)
                .toList();
    }

    private List<String> unknown(String kine) {
        List<KineLedger.Write> writes = ledger.writes();
        return writes.subList(begin.writes(), writes.size()).stream()
                .filter(it -> it.kine().equals(kine) && it.told() == Told.UNKNOWN)
                .map(it -> "outcome unknown: " + it)
                .toList();
    }

    private void report(String what) {
        StringBuilder text = new StringBuilder();
        for (String kine : kines.keySet()) {
            List<Long> above =
                    ledger.requests(kine, begin.nanos()).stream()
                            .map(KineLedger.Request::millis)
                            .filter(it -> it > control.longest())
                            .sorted()
                            .toList();
            text.append(
                    "; kine %s: %d above the control's, longest %d ms, failed %d"
                            .formatted(
                                    kine,
                                    above.size(),
                                    above.isEmpty() ? 0 : above.getLast(),
                                    failures(kine).size()));
        }
        System.out.printf(
                "kine, %s: %.1f s, acknowledged %d, refused %d, unknown %d, events %d%s%n",
                what,
                (System.nanoTime() - begin.nanos()) / 1e9,
                ledger.count(Told.DONE) - begin.done(),
                ledger.count(Told.REFUSED) - begin.refused(),
                ledger.count(Told.UNKNOWN) - begin.unknown(),
                part(watcher("a").events(), Long.MAX_VALUE).size(),
                text);
    }

    private String situation() {
        StringBuilder text = new StringBuilder(pair.situation());
        watchers.forEach((node, it) ->
                text.append("\nwatcher %s at %d".formatted(node, it.lastRevision()))
                        .append(it.failures().isEmpty() ? "" : ", ended: " + it.failures()));
        kines.forEach((node, kine) ->
                text.append("\nkine %s runs: %s%n".formatted(node, kine.isRunning()))
                        .append(lastLines(kine.log())));
        return text.toString();
    }

    private static String lastLines(String log) {
        List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private KineWatcher watcher(String node) {
        return Objects.requireNonNull(watchers.get(node));
    }

    private EtcdClient client(String node) {
        return Objects.requireNonNull(clients.get(node));
    }

    @Override
    public void close() {
        endWriting();
        watchers.values().forEach(KineWatcher::close);
        clients.values().forEach(EtcdClient::close);
        kines.values().forEach(KineProcess::close);
        pair.close();
    }
}
