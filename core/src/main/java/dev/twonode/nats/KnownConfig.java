package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import io.nats.client.Subscription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream's configuration as a session knows it from its own last change, so that it need not ask
/// where every millisecond counts: a question waits behind the writes that the server is storing.
///
/// The server announces what happens to a stream in the order in which it happens, and in turn with
/// what it answers to those who write to the stream, a barrier too. Only its answer to whoever made
/// the change comes another way, and a server that is storing announces behind it. So what was
/// learnt is known once as much was announced as that one change, and no more once anything else
/// was. Where nothing is announced, not even an own change, nothing is known.
final class KnownConfig {

    /// Announcements are counted, not read. So many are kept before counting begins anew.
    private static final long MOST = 1_000;

    private final String stream;
    private @Nullable Watch watch;
    private @Nullable Known known;

    KnownConfig(String bucket) {
        this.stream = "KV_" + bucket;
    }

    /// What a session hears of the stream.
    ///
    /// @param updates announcements of changed configurations
    /// @param all these and all others: that it was created, deleted, restored
    private record Watch(Session on, Subscription updates, Subscription all) {}

    /// What an own change has left.
    ///
    /// @param announced how many announcements there are in all, once there is that of the change
    private record Known(Watch watch, JsonNode config, long announced) {}

    /// A point in what a session hears, from which own changes are counted.
    final class Since {

        private final Watch watch;
        private final long updates;
        private final long all;

        private Since(Watch watch) {
            this.watch = watch;
            this.updates = watch.updates.getPendingMessageCount();
            this.all = watch.all.getPendingMessageCount();
        }

        /// Whether more may have been changed since than by the one own update: also where another
        /// thread has begun to count anew, since what an ended subscription heard is gone.
        boolean othersChanged() {
            synchronized (KnownConfig.this) {
                return announced() > 1 || !watch.equals(KnownConfig.this.watch);
            }
        }

        private long announced() {
            return watch.updates.getPendingMessageCount() - updates;
        }

        /// Takes over the answer to an own update, the only one since.
        void learn(JsonNode config) {
            remember(new Known(watch, config, all + 1));
        }
    }

    /// Begins to count what is announced.
    synchronized Since listen(Session on) throws StoreException {
        Watch last = watch;
        if (last == null || last.on != on || last.all.getPendingMessageCount() > MOST) {
            if (last != null) {
                end(last.updates);
                end(last.all);
            }
            known = null;
            last =
                    new Watch(
                            on,
                            subscribe(on, Advisories.updated(stream)),
                            subscribe(on, Advisories.any(stream)));
            watch = last;
        }
        return new Since(last);
    }

    /// The configuration, if the change by which it was learnt on this session was announced, and
    /// nothing else.
    synchronized Optional<JsonNode> on(Session session) {
        Known last = known;
        return last != null
                        && last.watch.on == session
                        && last.watch.all.getPendingMessageCount() == last.announced
                ? Optional.of(last.config)
                : Optional.empty();
    }

    private synchronized void remember(Known learnt) {
        known = learnt;
    }

    private static Subscription subscribe(Session on, String subject) throws StoreException {
        try {
            return on.connection().subscribe(subject);
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNREACHABLE, "the connection ended", e);
        }
    }

    private static void end(Subscription subscription) {
        if (subscription.isActive()) {
            subscription.unsubscribe();
        }
    }
}
