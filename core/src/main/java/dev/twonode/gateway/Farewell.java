package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.io.IOException;
import java.util.List;

/// Lets one client go because the gateway ends. A request that is under way when a connection
/// breaks leaves its sender waiting for the whole of its own time-out, so first every one gets its
/// answer. Writes that come meanwhile are told that nobody takes them, which is true, and which
/// clients try again elsewhere or later.
final class Farewell implements Runnable {

    private final Session session;
    private final Books books;
    private final Settlement settlement;

    Farewell(Session session) {
        this.session = session;
        this.books = session.books();
        this.settlement = new Settlement(session);
    }

    @Override
    public void run() {
        try {
            if (begin()) {
                settlement.awaitAnswers(GatewaySettings.FAREWELL, session::isClosed);
                session.traffic().tellRefused(Long.MAX_VALUE);
                settlement.giveUp();
                end();
            }
            settlement.await(GatewaySettings.FAREWELL, session::isClosed);
        } catch (IOException e) {
            // The client is gone already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            session.close();
        }
    }

    /// Takes no more writes, and none that wait.
    ///
    /// @return false when the client is not served, or leaves already
    private boolean begin() throws IOException {
        List<Frame.Publish> held;
        books.lock.lock();
        try {
            if (!books.phase.isServed()) {
                return false;
            }
            books.phase = Books.Phase.DISMISSED;
            held = books.held.takeAll();
            books.changed.signalAll();
        } finally {
            books.lock.unlock();
        }
        for (Frame.Publish publish : held) {
            String reply = publish.reply();
            if (reply != null) {
                books.answerNobody(reply);
            }
        }
        return true;
    }

    /// Ends what is said. The client hears all of it before it closes its side.
    private void end() throws IOException {
        books.lock.lock();
        try {
            books.phase = Books.Phase.LEAVING;
        } finally {
            books.lock.unlock();
        }
        session.client().finishWriting();
    }
}
