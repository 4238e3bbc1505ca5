package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every state meets every event: what holds whatever happens.
class CrossProductTest {

    @TestFactory
    Stream<DynamicTest> everyTransitionKeepsWhatAlwaysHolds() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Scenario> state : Situations.states().entrySet()) {
            Scenario at = state.getValue();
            for (Map.Entry<String, Event> event : Situations.events(at).entrySet()) {
                String name = state.getKey() + " meets " + event.getKey();
                tests.add(DynamicTest.dynamicTest(name, () -> holds(at, event.getValue())));
            }
        }
        return tests.stream();
    }

    private static void holds(Scenario at, Event event) {
        State before = at.state;
        Transition transition = at.machine().step(before, event);
        State after = transition.state();

        numbersOnlyRise(before.memory(), after.memory());
        openingsAreJournalledAndOwn(before, transition.actions());
        journalledIsWhatIsRemembered(before, transition);
        onlyALeaderSaysThatItLeads(transition);
        aStoppedNodeServesNothing(before, after, transition.actions());
        everyRequestOfAnOperatorIsKeptOrAnswered(event, transition);
        assertThat(at.machine().step(before, event)).isEqualTo(transition);
    }

    private static void numbersOnlyRise(Memory before, Memory after) {
        assertThat(after.counter()).isGreaterThanOrEqualTo(before.counter());
        assertThat(after.journal().highestTerm())
                .isGreaterThanOrEqualTo(before.journal().highestTerm());
        assertThat(after.highestKnown()).isGreaterThanOrEqualTo(before.journal().highestTerm());
    }

    /// Rules T1 and G4: the number is on disk, the mark one's own.
    private static void openingsAreJournalledAndOwn(State before, List<Action> actions) {
        long journalled = before.memory().journal().highestTerm();
        for (Action action : actions) {
            switch (action) {
                case Action.Persist persist ->
                        journalled = Math.max(journalled, persist.journal().highestTerm());
                case Action.OpenOwn open -> {
                    assertThat(open.mark().by()).isEqualTo(A);
                    assertThat(open.mark().term()).isLessThanOrEqualTo(journalled);
                }
                case Action.Grant grant ->
                        assertThat(grant.term().number()).isLessThanOrEqualTo(journalled);
                case Action.Tell tell -> {
                    Consent consent = tell.report().pact().consent();
                    long number = consent == null ? 0 : consent.number();
                    assertThat(number).isLessThanOrEqualTo(journalled);
                }
                case Action other -> assertThat(other).isNotNull();
            }
        }
    }

    private static void journalledIsWhatIsRemembered(State before, Transition transition) {
        Journal last = before.memory().journal();
        boolean failed = transition.state().reason() == Reason.JOURNAL_FAILED;
        for (Action action : transition.actions()) {
            if (action instanceof Action.Persist persist) {
                last = persist.journal();
            }
        }
        if (!failed) {
            assertThat(transition.state().memory().journal()).isEqualTo(last);
        }
    }

    private static void onlyALeaderSaysThatItLeads(Transition transition) {
        for (Action action : transition.actions()) {
            if (action instanceof Action.Tell tell && tell.report().leads()) {
                assertThat(transition.state()).isInstanceOf(State.Leading.class);
            }
        }
    }

    private static void aStoppedNodeServesNothing(State before, State after, List<Action> actions) {
        if (before instanceof State.Stopped) {
            assertThat(after).isInstanceOf(State.Stopped.class);
        }
        if (after instanceof State.Stopped) {
            assertThat(actions)
                    .noneMatch(it ->
                            it instanceof Action.OpenOwn
                                    || it instanceof Action.Grant
                                    || it instanceof Action.Tail
                                    || it instanceof Action.CopyOn
                                    || it instanceof Action.Compare);
        }
    }

    private static void everyRequestOfAnOperatorIsKeptOrAnswered(
            Event event, Transition transition) {
        long request =
                switch (event) {
                    case Event.StepDownAsked ask -> ask.request();
                    case Event.PromoteAsked ask -> ask.request();
                    case Event.RejoinAsked ask -> ask.request();
                    case Event.TakeoverHeard grant -> grant.request();
                    case Event.WithdrawHeard withdrawal -> withdrawal.request();
                    case Event other -> 0;
                };
        boolean answered =
                transition.actions().stream()
                        .anyMatch(it ->
                                it instanceof Action.Reply reply && reply.request() == request);
        boolean kept =
                switch (transition.state()) {
                    case State.Promoting promoting -> promoting.request() == request;
                    case State.HandingOver giving -> giving.ending().request() == request;
                    case State other -> false;
                };
        assertThat(request == 0 || answered || kept).isTrue();
    }
}
