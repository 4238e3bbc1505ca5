package dev.twonode.cli.faults;

import dev.twonode.testing.Await;
import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.KineProcess;
import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// How long requests take when kine is alone on one NATS server to which nothing happens, under the
/// load that the pairs get. Some kines stall a write for up to five seconds by themselves.
///
/// @param requests how many were made
/// @param longest the longest of them that did not stall, in milliseconds
/// @param stalls how many took a second or more
record KineControl(long requests, long longest, long stalls) {

    private static final long STALL_MS = 1_000;

    static KineControl run(Path folder, Duration time) {
        KineLedger ledger = new KineLedger();
        long begun = System.nanoTime();
        try (NatsServerProcess server = NatsServerProcess.start();
                KineProcess one = new KineProcess(server.url(), folder).awaitListening();
                KineProcess other = new KineProcess(server.url(), folder).awaitListening();
                EtcdClient etcdOfOne = new EtcdClient(one.url());
                EtcdClient etcdOfOther = new EtcdClient(other.url());
                KineLoad _ =
                        new KineLoad(
                                Map.of("a", etcdOfOne, "b", etcdOfOther),
                                "/registry/control/",
                                ledger)) {
            Await.holdsFor("kine answers", time, () -> ledger.complaints().isEmpty());
        }
        long[] millis =
                Stream.of("a", "b")
                        .flatMap(it -> ledger.requests(it, begun).stream())
                        .mapToLong(KineLedger.Request::millis)
                        .toArray();
        return new KineControl(
                millis.length,
                LongStream.of(millis).filter(it -> it < STALL_MS).max().orElse(0),
                LongStream.of(millis).filter(it -> it >= STALL_MS).count());
    }
}
