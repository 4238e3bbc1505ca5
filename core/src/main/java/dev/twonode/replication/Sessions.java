package dev.twonode.replication;

import dev.twonode.protocol.Mark;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The replication sessions of one node, each with a token of its own. A fence that was set for
/// another reason, and for which nothing was copied yet, does for the next copy too: its
/// configuration need not be written again while clients wait for what is copied.
public final class Sessions {

    private final RandomGenerator random;
    private @Nullable Session unused;

    /// @param random draws the tokens
    public Sessions(RandomGenerator random) {
        this.random = random;
    }

    /// A session that nobody ever copied for.
    public synchronized Session start(Mark mark) {
        return Session.start(mark, random);
    }

    /// Begins a copy: for the session of the present fence where that bears this mark and was not
    /// copied for, else for one that the stream has to be fenced for.
    public synchronized Session copying(Mark mark) {
        Session fenced = unused;
        unused = null;
        return fenced != null && fenced.mark().equals(mark) ? fenced : start(mark);
    }

    /// The own stream is about to get another face.
    public synchronized void moving() {
        unused = null;
    }

    /// The own stream was fenced for a session.
    ///
    /// @param facts what the server said of it then
    public synchronized void fenced(Session session, StreamFacts facts) {
        boolean mine = facts.face().equals(new Face.Fenced(session.mark(), session.token()));
        unused = mine ? session : null;
    }
}
