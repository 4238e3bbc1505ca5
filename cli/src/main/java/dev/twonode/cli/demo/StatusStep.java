package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.output.Texts;
import dev.twonode.cli.probe.WriteHistory;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.RigState;
import java.util.Optional;

/// `twonode demo status`: what runs, who leads, how far the writer is. Changes nothing.
final class StatusStep {

    private final Stage stage;
    private final Narrator say;
    private final Proof proof;

    StatusStep(Stage stage, Narrator say, Proof proof) {
        this.stage = stage;
        this.say = say;
        this.proof = proof;
    }

    ExitCode run() {
        say.title("The demo in " + stage.folder().root());
        if (stage.folder().read().isEmpty()) {
            say.done("nothing was started here yet");
            say.next("twonode demo start-leader");
            return ExitCode.OK;
        }
        RigState state = stage.state();
        state.nodes().forEach(this::node);
        part(LocalBackend.part("writer", Optional.ofNullable(state.writer())));
        WriteHistory history = proof.history();
        if (history.total() > 0) {
            say.fact(
                    "writes",
                    Texts.count(history.total())
                            + " accepted, leaders so far: "
                            + history.reigns().size());
        }
        state.nodes().stream()
                .filter(node -> stage.backend().isUp(node.name()))
                .findFirst()
                .ifPresentOrElse(
                        node -> say.next("twonode status -s " + state.addresses(node.name())),
                        () -> say.next(Steps.AFTER_THE_END));
        return ExitCode.OK;
    }

    private void node(RigState.Node node) {
        stage.backend().parts(node.name()).forEach(this::part);
        say.fact("node " + node.name(), node.address() + ", " + inWords(node));
    }

    private String inWords(RigState.Node node) {
        if (!stage.backend().isUp(node.name())) {
            return "down";
        }
        return stage.pair().ask(node.name()).map(NodeState::inWords).orElse("no answer");
    }

    private void part(Backend.Part part) {
        say.fact(part.name(), part.state());
    }
}
