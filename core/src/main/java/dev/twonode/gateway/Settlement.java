package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Sees to it that no request which was sent to a former leader stays without an answer: some are
/// sent again, of some the outcome is found out, and of the rest it is said that it is unknown.
final class Settlement {

    private final Session session;
    private final Surroundings around;
    private final Books books;
    private final Answers answers;
    private final Resolution resolution;

    Settlement(Session session) {
        this.session = session;
        this.around = session.around();
        this.books = session.books();
        this.answers = new Answers(around.bucket());
        this.resolution = new Resolution(around.bucket());
    }

    /// Asks a new leader about everything that was under way, and waits for what it says.
    ///
    /// @return false when that server is lost too
    boolean settle(Upstream next) throws IOException, InterruptedException {
        List<Request> hopeless = new ArrayList<>();
        books.lock.lock();
        try {
            for (Request request : books.requests.all()) {
                if (request.progress == Request.Progress.REFUSED) {
                    continue;
                }
                if (request.purpose.isRepeatable()) {
                    request.moves(next, Request.Progress.SENT);
                    Books.written(next, request.publish);
                } else if (request.purpose == Purpose.GUARDED_WRITE) {
                    request.moves(next, Request.Progress.RESOLVING);
                    Books.written(next, resolution.question(request));
                } else {
                    hopeless.add(request);
                }
            }
        } finally {
            books.lock.unlock();
        }
        session.traffic().flush();
        for (Request request : hopeless) {
            answerUnknown(request);
        }
        awaitAnswers(GatewaySettings.SETTLE, next::isClosed);
        if (next.isClosed()) {
            return false;
        }
        giveUp();
        return true;
    }

    /// Waits until nothing that a server has seen is without an answer.
    void awaitAnswers(Duration patience, BooleanSupplier given) throws InterruptedException {
        books.await(patience, () -> given.getAsBoolean() || !isOutstanding());
    }

    /// Whether something that a server has seen is without an answer.
    boolean isOutstanding() {
        books.lock.lock();
        try {
            return books.requests.size() > books.requests.that(Request.Progress.REFUSED).size();
        } finally {
            books.lock.unlock();
        }
    }

    /// Says of everything that a server has seen that its outcome is unknown.
    void giveUp() throws IOException {
        for (Request request : outstanding()) {
            answerUnknown(request);
        }
    }

    private List<Request> outstanding() {
        books.lock.lock();
        try {
            return books.requests.all().stream()
                    .filter(request -> request.progress != Request.Progress.REFUSED)
                    .toList();
        } finally {
            books.lock.unlock();
        }
    }

    private void answerUnknown(Request request) throws IOException {
        answer(
                request.publish,
                request.reply,
                "outcome unknown: the leader changed before it answered");
    }

    /// Answers in the form in which the sender looks for a failure: where messages are what is
    /// answered, a body would be taken for one.
    private void answer(Frame.Publish publish, String reply, String why) throws IOException {
        if (Purpose.of(publish, around.bucket()) == Purpose.PULL) {
            books.answerStatus(reply, Pull.of(publish).timeout());
        } else if (Purpose.isDirectGet(publish.subject())) {
            books.answerStatus(reply, "408 " + why);
        } else {
            books.answer(reply, answers.unknown(why));
        }
    }

    /// Answers what has waited for a leader too long: what no server has seen, each in its time,
    /// and everything else once the move itself has lasted so long.
    ///
    /// @param since when the waiting began
    void expire(long since) throws IOException {
        long limit = around.now() - around.settings().holdTimeout().toMillis();
        for (Frame.Publish late : takeHeldBefore(limit)) {
            answerUnsent(late);
        }
        if (since < limit) {
            for (Request request : all()) {
                answerUnknown(request);
            }
        }
    }

    /// Says of pulls what no server says.
    void tellPulls() throws IOException {
        Map<String, String> due;
        books.lock.lock();
        try {
            due = books.pulls.due(around.now(), reply -> books.subscriptions.sidOf(reply) != null);
        } finally {
            books.lock.unlock();
        }
        for (Map.Entry<String, String> each : due.entrySet()) {
            books.answerStatus(each.getKey(), each.getValue());
        }
    }

    private List<Frame.Publish> takeHeldBefore(long limit) {
        books.lock.lock();
        try {
            List<Frame.Publish> late = books.held.takeOlderThan(limit);
            books.changed.signalAll();
            return late;
        } finally {
            books.lock.unlock();
        }
    }

    private void answerUnsent(Frame.Publish publish) throws IOException {
        String reply = publish.reply();
        if (reply == null) {
            around.trouble("dropped", "a message without a reply subject waited too long");
            return;
        }
        around.trouble(Surroundings.NO_LEADER, "a request waited for a leader in vain");
        answer(publish, reply, "no leader in time; nothing was sent");
    }

    private List<Request> all() {
        books.lock.lock();
        try {
            return books.requests.all();
        } finally {
            books.lock.unlock();
        }
    }
}
