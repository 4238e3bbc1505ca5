package dev.twonode.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A piece of work that waits, such as a copy. It has a thread of its own, and either that thread
/// runs or the timeline's, never both: which code runs next is decided by the timeline alone.
final class Fiber {

    private final Semaphore turn = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private final SimulatedAgent agent;
    private @Nullable Signal waitsFor;
    private @Nullable Throwable failure;
    private boolean interrupted;
    private boolean killed;
    private boolean ended;
    private boolean died;

    /// Something to wait for, once.
    static final class Signal {
        private boolean raised;

        boolean isRaised() {
            return raised;
        }
    }

    private Fiber(SimulatedAgent agent) {
        this.agent = agent;
    }

    /// Starts work for an agent. It runs for the first time when the timeline comes to it.
    static Fiber start(SimulatedAgent agent, String name, Runnable body) {
        Fiber fiber = new Fiber(agent);
        Thread.ofVirtual().name(name).start(() -> fiber.live(body));
        agent.world().timeline().after(0, () -> agent.run(fiber::resume));
        return fiber;
    }

    private void live(Runnable body) {
        turn.acquireUninterruptibly();
        try {
            if (!killed) {
                body.run();
            }
        } catch (AgentDeath death) {
            died = !killed;
        } catch (RuntimeException | Error defect) {
            failure = defect;
        } finally {
            ended = true;
            back.release();
        }
    }

    /// Nothing is done for a process that is gone.
    void requireLife() {
        if (killed) {
            throw new AgentDeath("a call");
        }
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /// Lets it run until it waits or ends. Called by the timeline.
    private void resume() {
        if (ended) {
            return;
        }
        Fiber before = agent.world().running(this);
        turn.release();
        back.acquireUninterruptibly();
        agent.world().running(before);
        if (failure != null) {
            throw new IllegalStateException("work of an agent failed", failure);
        }
        if (died) {
            died = false;
            agent.die("in the middle of a call");
        }
    }

    /// Waits for a signal, or for an interrupt. Called by the work.
    void await(Signal signal) {
        requireLife();
        if (signal.raised || interrupted) {
            return;
        }
        waitsFor = signal;
        back.release();
        turn.acquireUninterruptibly();
        waitsFor = null;
        requireLife();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for a while, or for an interrupt. Called by the work.
    void pause(long micros) {
        Signal over = new Signal();
        agent.world().timeline().after(micros, () -> raise(over));
        await(over);
    }

    /// Raises a signal; whoever waits for it goes on as soon as its agent runs.
    void raise(Signal signal) {
        if (!signal.raised) {
            signal.raised = true;
            wake(signal);
        }
    }

    /// Asks the work to end, as an interrupt of its thread does.
    void interrupt() {
        if (!interrupted && !ended) {
            interrupted = true;
            Signal present = waitsFor;
            if (present != null && !present.raised) {
                present.raised = true;
                wake(present);
            }
        }
    }

    private void wake(Signal signal) {
        if (waitsFor == signal) {
            agent.world().timeline().after(0, () -> agent.run(this::resume));
        }
    }

    /// Its process is gone: the thread is unwound without doing anything more.
    void kill() {
        killed = true;
        if (!ended) {
            Fiber before = agent.world().running(this);
            turn.release();
            back.acquireUninterruptibly();
            agent.world().running(before);
        }
    }
}
