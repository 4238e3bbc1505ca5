package dev.twonode.protocol;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Carries out the commands of a scenario and writes down what the two machines do.
final class Transcript {

    private final StringBuilder text = new StringBuilder();
    private final Map<NodeName, String> journals = new TreeMap<>();
    private final Pair pair = new Pair(this::step);
    private long began;

    Transcript() {
        began = pair.now;
    }

    String text() {
        return text + end();
    }

    void command(String line) {
        text.append("> ").append(line).append('\n');
        List<String> words = List.of(line.trim().split(" +"));
        String last = words.getLast();
        Pair.Node node = pair.node(last.equals("b") ? "b" : words.size() > 1 ? words.get(1) : "a");
        switch (words.getFirst()) {
            case "start" -> start(words.get(1), pair.node(last));
            case "kill" -> kill(words.get(1), pair.node(last));
            case "pause" -> pair.node(last).paused = true;
            case "cut" -> pair.cut();
            case "heal" -> pair.heal();
            case "lose-answers" -> pair.answersLost = true;
            case "write" -> pair.write(node, Integer.parseInt(words.get(2)));
            case "advance" -> pair.advance(Long.parseLong(words.get(1).replace("ms", "")));
            case "stepdown" -> pair.ask(node, new Event.StepDownAsked(pair.now, 1));
            case "stop" -> pair.ask(node, new Event.StopAsked(pair.now));
            default -> throw new IllegalArgumentException("no such command: " + line);
        }
    }

    private void start(String what, Pair.Node node) {
        if (!what.equals("agent")) {
            pair.startServer(node);
        }
        if (!what.equals("server")) {
            pair.startAgent(node);
        }
    }

    private void kill(String what, Pair.Node node) {
        if (!what.equals("server")) {
            pair.killAgent(node);
        }
        if (!what.equals("agent")) {
            pair.killServer(node);
        }
    }

    private void step(NodeName node, Pair.Step step) {
        String before = Words.state(step.before());
        String after = Words.state(step.transition().state());
        long at = pair.now - began;
        if (!before.equals(after)) {
            String reason = step.transition().state().reason().toString();
            text.append(String.format("%5d %s  %s -> %s %s%n", at, node, before, after, reason));
        }
        for (Action action : step.transition().actions()) {
            String words = Words.action(action);
            boolean quiet =
                    action instanceof Action.Tell
                            || action instanceof Action.ReadOwn
                            || action instanceof Action.AskPeer
                            || action instanceof Action.TellProgress
                            || (action instanceof Action.Persist
                                    && words.equals(journals.put(node, words)));
            if (!quiet) {
                text.append(String.format("%5d %s    ! %s%n", at, node, words));
            }
        }
    }

    private String end() {
        StringBuilder end = new StringBuilder();
        for (Pair.Node node : List.of(pair.a, pair.b)) {
            Scenario agent = node.agent;
            end.append("= ")
                    .append(node.name)
                    .append(" ")
                    .append(agent == null ? "no agent" : Words.state(agent.state))
                    .append(", last ")
                    .append(node.server.lastSeq())
                    .append(node.journal.alone() ? ", alone" : "")
                    .append('\n');
        }
        boolean same = pair.a.server.messages.equals(pair.b.server.messages);
        return end.append(same ? "= same content\n" : "= different content\n").toString();
    }
}
