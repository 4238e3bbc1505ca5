package dev.twonode.replication;

import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;

/// A simulated store for tests with threads: one call at a time, and who polls in vain waits a
/// little, until interrupted.
record PatientStore(Store store) implements Store {

    private static final long PAUSE_NANOS = 1_000_000;

    private static void pause() throws StoreException {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(StoreException.Kind.UNKNOWN, "interrupted");
        }
    }

    @Override
    public Optional<StreamFacts> inspect() throws StoreException {
        synchronized (store) {
            return store.inspect();
        }
    }

    @Override
    public StreamFacts createFenced(Mark mark, String session, int perSubject)
            throws StoreException {
        synchronized (store) {
            return store.createFenced(mark, session, perSubject);
        }
    }

    @Override
    public StreamFacts fence(Mark mark, String session, Care care) throws StoreException {
        synchronized (store) {
            return store.fence(mark, session, care);
        }
    }

    @Override
    public StreamFacts open(Mark expected) throws StoreException {
        synchronized (store) {
            return store.open(expected);
        }
    }

    @Override
    public Optional<StoredMessage> read(long sequence) throws StoreException {
        synchronized (store) {
            return store.read(sequence);
        }
    }

    @Override
    public Optional<StoredMessage> next(long fromSequence) throws StoreException {
        synchronized (store) {
            return store.next(fromSequence);
        }
    }

    @Override
    public Optional<StoredMessage> newest(String subject) throws StoreException {
        synchronized (store) {
            return store.newest(subject);
        }
    }

    @Override
    public SortedSet<Long> deleted() throws StoreException {
        synchronized (store) {
            return store.deleted();
        }
    }

    @Override
    public Feed feed(long fromSequence) throws StoreException {
        synchronized (store) {
            return new PatientFeed(store, store.feed(fromSequence));
        }
    }

    @Override
    public Appender appender(String session, long lastSeq, String echo) throws StoreException {
        synchronized (store) {
            return new PatientAppender(store, store.appender(session, lastSeq, echo));
        }
    }

    @Override
    public void startAt(long firstSeq) throws StoreException {
        synchronized (store) {
            store.startAt(firstSeq);
        }
    }

    @Override
    public Snapshot snapshot() throws StoreException {
        synchronized (store) {
            return store.snapshot();
        }
    }

    @Override
    public StreamFacts restore(Snapshot source, Mark mark, String session) throws StoreException {
        synchronized (store) {
            return store.restore(source, mark, session);
        }
    }

    @Override
    public void delete() throws StoreException {
        synchronized (store) {
            store.delete();
        }
    }

    @Override
    public String serverVersion() throws StoreException {
        synchronized (store) {
            return store.serverVersion();
        }
    }

    private record PatientFeed(Store lock, Feed feed) implements Feed {

        @Override
        public List<StoredMessage> poll(Duration patience) throws StoreException {
            List<StoredMessage> batch;
            synchronized (lock) {
                batch = feed.poll(patience);
            }
            if (batch.isEmpty()) {
                pause();
            }
            return batch;
        }

        @Override
        public void close() {
            feed.close();
        }
    }

    private record PatientAppender(Store lock, Appender appender) implements Appender {

        @Override
        public void append(StoredMessage message, boolean echoed) throws StoreException {
            synchronized (lock) {
                appender.append(message, echoed);
            }
        }

        @Override
        public void skip(long from, long to) throws StoreException {
            synchronized (lock) {
                appender.skip(from, to);
            }
        }

        @Override
        public long durable() throws StoreException {
            synchronized (lock) {
                return appender.durable();
            }
        }

        @Override
        public long awaitDurable(long above, Duration patience) throws StoreException {
            long durable;
            synchronized (lock) {
                durable = appender.awaitDurable(above, patience);
            }
            if (durable <= above) {
                pause();
            }
            return durable;
        }

        @Override
        public long flush() throws StoreException {
            synchronized (lock) {
                return appender.flush();
            }
        }

        @Override
        public void close() {
            appender.close();
        }
    }
}
