package dev.twonode.architecture;

import java.util.ArrayList;
import java.util.List;

/// The places that may break a rule, each with its reason.
///
/// @param entries what is excepted
record Exceptions(List<Entry> entries) {

    /// @param rule the rule that is broken
    /// @param file the end of the file's path
    /// @param reason why it is better that way
    record Entry(String rule, String file, String reason) {
        boolean covers(Finding finding) {
            return rule.equals(finding.rule()) && finding.path().endsWith(file);
        }
    }

    private static final String ALL_CASES =
            "one arm for each case, so that none is forgotten; splitting it would hide the list";

    static final Exceptions OF_PROJECT =
            new Exceptions(
                    List.of(
                            new Entry("method-lines", "/FollowingSteps.java", ALL_CASES),
                            new Entry("method-lines", "/JoiningSteps.java", ALL_CASES),
                            new Entry("method-lines", "/PromotingSteps.java", ALL_CASES),
                            new Entry("method-lines", "/StartingSteps.java", ALL_CASES),
                            new Entry("method-lines", "/WaitingSteps.java", ALL_CASES),
                            new Entry("method-lines", "/AbsenceCheck.java", ALL_CASES),
                            new Entry(
                                    "method-lines",
                                    "/agent/Agent.java",
                                    "it only makes the parts, in the order in which they need"
                                            + " each other"),
                            new Entry("words", "/WordRules.java", "it names the words"),
                            new Entry("markers", "/WordRules.java", "it names the markers"),
                            new Entry("words", "/TidyTest.java", "it plants the words"),
                            new Entry("markers", "/TidyTest.java", "it plants a marker"),
                            new Entry("paths", "/TidyTest.java", "it plants a path")));

    /// What is left of the findings, and a finding for each entry that none of them needs.
    List<Finding> leftOf(List<Finding> findings) {
        List<Finding> left = new ArrayList<>();
        for (Finding finding : findings) {
            if (entries.stream().noneMatch(entry -> entry.covers(finding))) {
                left.add(finding);
            }
        }
        for (Entry entry : entries) {
            if (findings.stream().noneMatch(entry::covers)) {
                String what = "is excepted from " + entry.rule() + " without need";
                left.add(new Finding("exceptions", entry.file(), 0, what));
            }
        }
        return left;
    }
}
