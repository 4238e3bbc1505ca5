package dev.twonode.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TidyTest {

    @Test
    void everyFileKeepsTheRulesOrIsExceptedForAReason() {
        List<Source> sources = Source.ofProject();
        List<Finding> findings = new ArrayList<>(PackageInfoRules.check(sources));
        for (Source source : sources) {
            findings.addAll(SizeRules.check(source));
            findings.addAll(WordRules.check(source.path(), source.lines()));
            findings.addAll(CodeRules.check(source));
        }
        TextFiles.pages().forEach((path, lines) -> findings.addAll(WordRules.check(path, lines)));
        TextFiles.scripts()
                .forEach((path, lines) -> {
                    findings.addAll(WordRules.check(path, lines));
                    findings.addAll(SizeRules.columns(path, lines));
                });

        assertThat(Exceptions.OF_PROJECT.leftOf(findings)).isEmpty();
    }

    @Test
    void allModulesAndScriptsAreLookedAt() {
        assertThat(Source.ofProject())
                .extracting(source -> source.path().substring(0, source.path().indexOf('/')))
                .contains("core", "cli", "demo-scripts");
        assertThat(TextFiles.scripts())
                .containsKeys("demo-scripts/tools", ".ci/run", "cli/src/main/launcher/twonode");
        assertThat(TextFiles.pages()).containsKeys("pom.xml", "core/pom.xml");
    }

    @Nested
    final class Sizes {
        @Test
        void aLongFileIsFound() {
            assertThat(rulesBroken(main("x", "\n".repeat(401)))).containsExactly("file-lines");
            assertThat(rulesBroken(test("x", "\n".repeat(401)))).isEmpty();
            assertThat(rulesBroken(test("x", "\n".repeat(601)))).containsExactly("file-lines");
        }

        @Test
        void aLongMethodIsFound() {
            String method = "final class A { void m() {" + "\n".repeat(50) + "} }";

            assertThat(rulesBroken(main("x", method))).containsExactly("method-lines");
            assertThat(rulesBroken(test("x", method))).isEmpty();
        }

        @Test
        void aLongParameterListIsFoundExceptOfARecord() {
            String seven = "(int a, int b, int c, int d, int e, int f, int g)";

            assertThat(rulesBroken(main("x", "final class A { void m" + seven + " {} }")))
                    .containsExactly("parameters");
            assertThat(rulesBroken(main("x", "record A" + seven + " {}"))).isEmpty();
        }

        @Test
        void aWideLineIsFoundByItsCharacters() {
            assertThat(rulesBroken(main("x", "//" + "─".repeat(98)))).isEmpty();
            assertThat(rulesBroken(main("x", "//" + "─".repeat(99)))).containsExactly("columns");
        }
    }

    @Nested
    final class Words {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "// the epoch of the leader",
                    "// nextEpoch",
                    "// the primary node",
                    "// a stand" + "by",
                    "// Master",
                    "// MASTER_NODE"
                })
        void aWordThatMeansSomethingElseHereIsFound(String line) {
            assertThat(rulesBroken(main("x", line))).containsExactly("words");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "// Instant.ofEpochMilli(1), Instant.EPOCH, toEpochMilli()",
                    "// mastered",
                    "// primarily"
                })
        void namesOfTheJdkAndOtherWordsAreNot(String line) {
            assertThat(rulesBroken(main("x", line))).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "// TODO mend this, markers",
            "// ------------ fields, rulers",
            "# ==== section, rulers",
            "// see /root/notes, paths"
        })
        void leftoversAreFound(String line, String rule) {
            assertThat(WordRules.check("demo-scripts/x", List.of(line)))
                    .extracting(Finding::rule)
                    .containsExactly(rule);
        }
    }

    @Nested
    final class Code {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "void m() { Thread.sleep(1); }",
                    "@Test @Disabled void worksAsItShould() {}",
                    "long m() { return System.currentTimeMillis(); }",
                    "double m() { return Math.random(); }",
                    "java.util.Date when;"
                })
        void aBannedCallIsFoundInATest(String member) {
            String imported = member.contains("@Disabled") ? "import org.junit.Disabled;" : "";

            assertThat(rulesBroken(test("x", imported + "final class A { " + member + " }")))
                    .containsExactly("calls");
        }

        @Test
        void printingPastTheStreamsOfACommandIsFound() {
            assertThat(
                            rulesBroken(
                                    main(
                                            "x",
                                            "final class A { void m() { System.out.print(1); } }")))
                    .containsExactly("calls");
        }

        @Test
        void aMapWithoutOrderIsFoundWhereRunsMustRepeat() {
            String code = "import java.util.HashMap; final class A {}";

            assertThat(rulesBroken(main("protocol", code))).containsExactly("calls");
            assertThat(rulesBroken(main("node", code))).isEmpty();
            assertThat(rulesBroken(main("protocol", "import java.util.LinkedHashMap;"))).isEmpty();
        }

        @Test
        void aDefaultIsFoundInTheStateMachine() {
            String code = "final class A { int m(int i) { return switch (i) { default -> 1; }; } }";

            assertThat(rulesBroken(main("protocol", code))).containsExactly("exhaustive");
            assertThat(rulesBroken(main("node", code))).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "final class ThingManager {}, names",
            "final class StringUtils {}, names",
            "public final class Thing {}, docs",
            "final class A { java.util.Optional<String> o; Optional<String> p; }, optional-fields",
            "final class A { void m() { var x = f(); } }, var"
        })
        void aPoorNameOrTypeIsFound(String code, String rule) {
            assertThat(rulesBroken(main("x", code))).containsExactly(rule);
        }

        @Test
        void varIsFineWhereTheTypeIsNamed() {
            String code = "final class A { void m() { var x = new A(); try (var y = f()) {} } }";

            assertThat(rulesBroken(main("x", code))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"testStart", "works", "follower_waits"})
        void aTestThatIsNotASentenceIsFound(String name) {
            assertThat(rulesBroken(test("x", "final class A { @Test void " + name + "() {} }")))
                    .containsExactly("test-names");
        }
    }

    @Nested
    final class Packages {
        @Test
        void aPackageWithoutItsPageIsFound() {
            assertThat(PackageInfoRules.check(List.of(main("x", "final class A {}"))))
                    .extracting(Finding::path)
                    .containsExactly("core/src/main/java/dev/twonode/x");
        }

        @Test
        void aPageThatSaysTooLittleOrAllowsNullIsFound() {
            Source page =
                    Source.parse(
                            "core/src/main/java/dev/twonode/x/package-info.java",
                            "/// One line.\npackage dev.twonode.x;\n");

            assertThat(PackageInfoRules.check(List.of(page))).hasSize(2);
        }
    }

    @Nested
    final class Excepted {
        private final Finding finding = new Finding("columns", "core/A.java", 3, "too wide");

        @Test
        void anExceptionCoversOnlyItsRuleAndFile() {
            Exceptions exceptions =
                    new Exceptions(List.of(new Exceptions.Entry("columns", "/A.java", "a table")));
            Finding elsewhere = new Finding("columns", "core/B.java", 3, "too wide");
            Finding other = new Finding("words", "core/A.java", 3, "a word");

            assertThat(exceptions.leftOf(List.of(finding, elsewhere, other)))
                    .containsExactly(elsewhere, other);
        }

        @Test
        void anExceptionThatNobodyNeedsIsFound() {
            Exceptions exceptions =
                    new Exceptions(List.of(new Exceptions.Entry("columns", "/A.java", "a table")));

            assertThat(exceptions.leftOf(List.of()))
                    .extracting(Finding::rule)
                    .containsExactly("exceptions");
        }
    }

    private static Source main(String folder, String code) {
        return source("core/src/main/java/dev/twonode/", folder, code);
    }

    private static Source test(String folder, String code) {
        return source("core/src/test/java/dev/twonode/", folder, code);
    }

    private static Source source(String root, String folder, String code) {
        return Source.parse(
                root + folder + "/A.java", "package dev.twonode." + folder + ";\n" + code);
    }

    private static List<String> rulesBroken(Source source) {
        List<Finding> findings = new ArrayList<>(SizeRules.check(source));
        findings.addAll(WordRules.check(source.path(), source.lines()));
        findings.addAll(CodeRules.check(source));
        return findings.stream().map(Finding::rule).toList();
    }
}
