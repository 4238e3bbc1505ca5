package dev.twonode.cli.demo;

import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.Pair;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The demo's pair and its writer during one step. The nodes run on a [Backend]; the writer is
/// always a process of this machine.
final class Stage implements AutoCloseable {

    static final String BUCKET = "kine";

    private static final Duration POLITE = Duration.ofSeconds(20);

    private final Ledger ledger;
    private final Backend backend;
    private final Narrator say;
    private final Undo undo;
    private final Function<String, Line> connector;
    private @Nullable Pair pair;

    /// @param connector makes a connection to the server at an address
    Stage(
            Ledger ledger,
            Backend backend,
            Narrator say,
            Undo undo,
            Function<String, Line> connector) {
        this.ledger = ledger;
        this.backend = backend;
        this.say = say;
        this.undo = undo;
        this.connector = connector;
    }

    RigState state() {
        return ledger.state();
    }

    RigFolder folder() {
        return ledger.folder();
    }

    Backend backend() {
        return backend;
    }

    /// The connections to both servers, made when first needed.
    Pair pair() {
        @Nullable Pair open = pair;
        if (open == null) {
            open = new Pair(state().nodes(), BUCKET, connector);
            pair = open;
        }
        return open;
    }

    /// Starts what does not run yet of a node.
    void bringUp(String name) {
        backend.bringUp(name);
        ledger.change(state().node(name).revived());
    }

    /// Starts what does not run yet of a node and needs a leader.
    void bringUpBeside(String name) {
        backend.bringUpBeside(name);
    }

    /// Whether the writer or anything of a node runs.
    boolean anythingRuns() {
        return writerRuns() || backend.anythingRuns();
    }

    /// Whether the writer runs.
    boolean writerRuns() {
        return Optional.ofNullable(state().writer()).filter(ProcessTag::isAlive).isPresent();
    }

    /// Starts the writer in the background unless it runs.
    void startWriter() {
        if (writerRuns()) {
            return;
        }
        List<String> command =
                List.of(
                        Installation.current().launcher().toString(),
                        "demo",
                        "probe",
                        "--dir",
                        folder().root().toString());
        undo.whole(
                () ->
                        ledger.change(
                                state().withWriter(Spawner.start(command, folder().writerLog()))),
                this::endWriter);
        say.done(
                "a writer started; it writes to whichever node leads (pid "
                        + Optional.ofNullable(state().writer()).map(ProcessTag::pid).orElse(0L)
                        + ")");
    }

    /// Ends all of a node at once, as a power cut would.
    void kill(String name, String role) {
        undo.whole(() -> {
            backend.kill(name);
            ledger.change(state().node(name).killedAs(role));
        });
    }

    /// Whether a node was killed in this role and not started since.
    boolean wasKilledAs(RigState.Node node, String role) {
        return role.equals(node.killedAs()) && !backend.isUp(node.name());
    }

    /// Ends the writer. It keeps no promise that an end at any moment could break.
    void endWriter() {
        Optional.ofNullable(state().writer()).ifPresent(process -> Spawner.stop(process, POLITE));
        ledger.change(state().withWriter(null));
    }

    /// Removes what an earlier demo left behind, and begins anew.
    void eraseLeftovers(RigState fresh) {
        erase();
        ledger.begin(fresh);
    }

    /// Ends everything at once and removes what the demo keeps in its folder.
    void erase() {
        Optional.ofNullable(state().writer()).filter(ProcessTag::isAlive).ifPresent(Spawner::kill);
        backend.erase();
        if (folder().read().isPresent()) {
            folder().delete();
        }
    }

    /// Remembers which node leads.
    void nowLeads(String name) {
        if (!state().leads().equals(name)) {
            ledger.change(state().withLeader(name));
        }
    }

    @Override
    public void close() {
        if (pair != null) {
            pair.close();
        }
    }
}
