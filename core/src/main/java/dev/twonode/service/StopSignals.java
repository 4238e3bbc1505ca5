package dev.twonode.service;

import dev.twonode.logging.Field;
import dev.twonode.logging.Log;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Ends the process when it is told to: the first signal starts the orderly stop and leads to its
/// exit code, the second ends everything at once.
///
/// The runtime's own way, shutdown hooks, does not do: it exits with 143, which systemd takes for a
/// failure, and it is deaf to the second signal.
public final class StopSignals {

    /// What has to happen before the process may end.
    @FunctionalInterface
    public interface OrderlyStop {
        /// Stops; called once, on a thread of its own.
        ///
        /// @param signal the signal's name, such as `TERM`
        /// @return the process's exit code
        int stop(String signal) throws Exception;
    }

    private static final Log LOG = Log.of(StopSignals.class);

    /// A closed terminal ends an agent in the same orderly way. A signal that is ignored (`nohup`,
    /// a job in the background) stays ignored; the runtime sees to that.
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
    private static final int FAILED = 1;

    private final OrderlyStop stop;
    private final Duration bound;
    private final AtomicInteger seen = new AtomicInteger();

    private StopSignals(OrderlyStop stop, Duration bound) {
        this.stop = stop;
        this.bound = bound;
    }

    /// Takes over TERM, INT and HUP of this process.
    ///
    /// @param bound how long the orderly stop may take before the process ends without it
    public static void install(OrderlyStop stop, Duration bound) {
        StopSignals signals = new StopSignals(stop, bound);
        NAMES.forEach(name -> handle(name, () -> signals.arrived(name)));
    }

    private void arrived(String name) {
        if (seen.incrementAndGet() > 1) {
            LOG.warn("ending at once: second signal", Field.field("signal", name));
            Runtime.getRuntime().halt(128 + NUMBERS.getOrDefault(name, 0));
        }
        LOG.info("stopping; a second signal ends it at once", Field.field("signal", name));
        Thread stopper = new Thread(() -> stopAndExit(name), "stop");
        stopper.start();
        Thread warden = new Thread(() -> endAfterBound(stopper), "stop-bound");
        warden.setDaemon(true);
        warden.start();
    }

    private void stopAndExit(String name) {
        int code = FAILED;
        try {
            code = stop.stop(name);
        } catch (Exception e) {
            LOG.error("the orderly stop failed; ending without it", e);
        } finally {
            System.exit(code);
        }
    }

    private void endAfterBound(Thread stopper) {
        try {
            // It never ends by itself: its last act is the exit, which waits for this process's
            // end.
            if (!stopper.join(bound)) {
                LOG.error(
                        "the orderly stop took too long; ending without it",
                        Log.milliseconds("bound_ms", bound));
                Runtime.getRuntime().halt(FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// `sun.misc.Signal` by reflection: it is the only way to a signal, lives in a module that
    /// every runtime has, and cannot be named without a compiler warning that nothing suppresses.
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run =
                    MethodHandles.publicLookup()
                            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            Object proxy =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(run, 0, signal));
            Object it = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, it, proxy);
        } catch (ReflectiveOperationException e) {
            LOG.warn("cannot take over a signal", e, Field.field("signal", name));
        }
    }
}
