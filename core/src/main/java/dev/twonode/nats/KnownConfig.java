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
/// The server announces what happens to a stream before it answers whoever made it happen, and on
/// one connection all comes in order. So what was known is so no more once anything was announced.
/// Where nothing is announced, not even an own change, nothing is known.
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
            boolean alone = watch.all.getPendingMessageCount() == all + 1 && announced() == 1;
            remember(alone ? new Known(watch, config, all + 1) : null);
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

    /// The configuration, if nothing was announced since it was learnt on this session.
    synchronized Optional<JsonNode> on(Session session) {
        Known last = known;
        return last != null
                        && last.watch.on == session
                        && last.watch.all.getPendingMessageCount() == last.announced
                ? Optional.of(last.config)
                : Optional.empty();
    }

    private synchronized void remember(@Nullable Known learnt) {
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
