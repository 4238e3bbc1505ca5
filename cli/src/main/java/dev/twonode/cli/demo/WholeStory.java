package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.RigState;
import java.util.List;
import java.util.function.Supplier;

/// `twonode demo all`: every step in order, then everything is removed again. Stops at the first
/// broken promise.
final class WholeStory {

    private final Stage stage;
    private final Narrator say;
    private final Undo undo;
    private final Steps steps;
    private final Proof proof;

    WholeStory(Stage stage, Narrator say, Undo undo, Steps steps, Proof proof) {
        this.stage = stage;
        this.say = say;
        this.undo = undo;
        this.steps = steps;
        this.proof = proof;
    }

    /// @param fresh what it begins with
    ExitCode run(RigState fresh) {
        if (stage.anythingRuns()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "demo all starts from nothing and removes everything at its end",
                    "a demo is running in " + stage.folder().root(),
                    "twonode demo clean, or choose another folder with --dir");
        }
        stage.eraseLeftovers(fresh);
        // Whatever happens on the way, nothing stays behind.
        undo.whole(() -> true, stage::erase);
        long began = System.nanoTime();
        List<Supplier<ExitCode>> story =
                List.of(
                        steps::startLeader,
                        steps::startFollower,
                        steps::killFollower,
                        steps::restartFollower,
                        steps::swapLeader,
                        steps::killLeader,
                        steps::restartLeader);
        for (Supplier<ExitCode> step : story) {
            ExitCode code = step.get();
            if (code != ExitCode.OK) {
                return code;
            }
        }
        say.title("The whole story");
        ExitCode code = proof.sumUp(stage.state().leads(), began, true);
        steps.clean();
        return code;
    }
}
