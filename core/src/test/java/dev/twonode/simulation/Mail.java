package dev.twonode.simulation;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Answer;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What an agent says to the other one, by way of the peer's server.
final class Mail {

    private final SimulatedAgent agent;
    private final Line line;
    private final World world;
    private final long patience;

    Mail(SimulatedAgent agent, Line line, long patience) {
        this.agent = agent;
        this.line = line;
        this.world = agent.world();
        this.patience = patience;
    }

    void tell(Report report) {
        send(other -> other.hear(report, Event.PeerHeard.UNASKED), () -> {});
    }

    void progress(Action.TellProgress progress) {
        Report.Sender sender = sender(progress.counter());
        send(
                other ->
                        other.post(
                                new Event.ProgressHeard(
                                        other.clock().millis(),
                                        sender,
                                        progress.term(),
                                        progress.lastSeq())),
                () -> {});
    }

    /// Asks the peer's agent for its state and its server for a sign of life, side by side.
    void ask() {
        long sentAt = agent.clock().millis();
        Exchange<Boolean> server = new Exchange<>(_ -> {}, () -> {});
        askServer(server);
        Exchange<Report> state =
                new Exchange<>(
                        report -> agent.hear(report, sentAt),
                        () ->
                                server.whenOver(() ->
                                        agent.post(
                                                new Event.PeerUnanswered(
                                                        agent.clock().millis(),
                                                        sentAt,
                                                        server.isAnswered()))));
        request(state, (other, answer) -> answer.accept(other.report()));
    }

    private void askServer(Exchange<Boolean> exchange) {
        String process = line.process();
        if (process != null) {
            world.timeline()
                    .after(
                            world.latency(),
                            () -> {
                                if (line.reaches()) {
                                    line.to()
                                            .serve(
                                                    process,
                                                    () -> back(() -> exchange.answer(true)));
                                }
                            });
        }
        world.timeline().after(patience, () -> agent.run(exchange::giveUp));
    }

    void grant(Action.Grant grant) {
        Report.Sender sender = sender(grant.op());
        request(
                answered(grant.op()),
                (other, answer) ->
                        other.ask(
                                id ->
                                        new Event.TakeoverHeard(
                                                other.clock().millis(),
                                                id,
                                                sender,
                                                grant.term(),
                                                grant.consent()),
                                answer));
    }

    void withdraw(Action.Withdraw withdrawal) {
        Report.Sender sender = sender(withdrawal.op());
        request(
                answered(withdrawal.op()),
                (other, answer) ->
                        other.ask(
                                id ->
                                        new Event.WithdrawHeard(
                                                other.clock().millis(),
                                                id,
                                                sender,
                                                withdrawal.number()),
                                answer));
    }

    private Report.Sender sender(long counter) {
        return new Report.Sender(
                agent.node().disk().pairId(),
                agent.settings().node(),
                agent.settings().process(),
                counter);
    }

    private Exchange<Answer> answered(long op) {
        return new Exchange<>(
                answer -> {
                    boolean done = answer instanceof Answer.Led || answer instanceof Answer.Done;
                    agent.post(
                            new Event.GrantAnswered(
                                    agent.clock().millis(), op, done, answer.toString()));
                },
                () -> agent.post(new Event.GrantUnanswered(agent.clock().millis(), op)));
    }

    private <T> void request(
            Exchange<T> exchange, BiConsumer<SimulatedAgent, Consumer<T>> question) {
        String process = line.process();
        send(
                other ->
                        question.accept(
                                other,
                                answer -> {
                                    if (process != null) {
                                        other.node()
                                                .serve(
                                                        process,
                                                        () -> back(() -> exchange.answer(answer)));
                                    }
                                }),
                () -> back(exchange::giveUp));
        long wait = process == null ? world.latency() : patience;
        world.timeline().after(wait, () -> agent.run(exchange::giveUp));
    }

    /// An answer comes back from the peer's server.
    private void back(Runnable what) {
        world.timeline()
                .after(
                        world.latency(),
                        () -> {
                            if (line.reaches()) {
                                agent.run(what);
                            }
                        });
    }

    /// Publishes at the peer's server.
    ///
    /// @param nobody what happens when no agent listens there
    private void send(Consumer<SimulatedAgent> what, Runnable nobody) {
        String process = line.process();
        if (process == null) {
            return;
        }
        for (long delay : world.fate()) {
            world.timeline()
                    .after(
                            delay,
                            () -> {
                                if (line.reaches()) {
                                    line.to().serve(process, () -> deliver(process, what, nobody));
                                }
                            });
        }
    }

    private void deliver(String process, Consumer<SimulatedAgent> what, Runnable nobody) {
        SimulatedAgent other = line.to().agent().orElse(null);
        if (other == null || !other.hearsFrom(process)) {
            nobody.run();
            return;
        }
        world.timeline().after(world.latency(), () -> other.run(() -> what.accept(other)));
    }

    /// A request that is answered once, or given up.
    private static final class Exchange<T> {
        private final Consumer<T> answered;
        private final Runnable silent;
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean over;
        private boolean isAnswered;

        Exchange(Consumer<T> answered, Runnable silent) {
            this.answered = answered;
            this.silent = silent;
        }

        boolean isAnswered() {
            return isAnswered;
        }

        void whenOver(Runnable what) {
            if (over) {
                what.run();
            } else {
                waiting.add(what);
            }
        }

        void answer(T answer) {
            if (!over) {
                over = true;
                isAnswered = true;
                answered.accept(answer);
                waiting.forEach(Runnable::run);
            }
        }

        void giveUp() {
            if (!over) {
                over = true;
                silent.run();
                waiting.forEach(Runnable::run);
            }
        }
    }
}
