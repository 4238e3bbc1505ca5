package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @Test
    void withoutArgumentsTheCommandsAreListed() {
        Launched launched = Cli.launch();

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("Commands:", "version");
        assertThat(launched.error()).isEmpty();
    }

    @Test
    void misspeltOptionIsOneShortErrorWithASuggestion() {
        Launched launched = Cli.launch("version", "--asci");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.output()).isEmpty();
        assertThat(launched.error())
                .isEqualTo(
                        """
                        error: unknown option '--asci'
                          do:  did you mean --ascii? See twonode version --help
                        """);
    }

    @Test
    void aWordWithALetterLeftOutIsCompletedRatherThanChanged() {
        assertThat(Cli.launch("stats").error()).contains("did you mean status?");
    }

    @Test
    void aWordWithItsLettersInAnotherOrderIsPutInOrder() {
        assertThat(Cli.launch("stauts").error()).contains("did you mean status?");
    }

    @Test
    void helpSaysWhatTheTsvOfTwoTablesHolds() {
        assertThat(Cli.launch("report", "--help").output()).contains("TSV holds the streams only.");
        assertThat(Cli.launch("history", "--help").output()).contains("TSV holds the terms only.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume"})
    void whatIsAskedWithNatsIsNamedAsItIsTyped(String word) {
        Launched launched = Cli.launch(word);

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error())
                .contains("nats -s HOST:PORT req " + word + " ''")
                .doesNotContain("did you mean");
    }

    @Test
    void misspeltCommandIsOneShortErrorWithASuggestion() {
        Launched launched = Cli.launch("versoin");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error())
                .contains("unknown command 'versoin'", "did you mean version?")
                .hasLineCount(2);
    }

    @Test
    void valueOutsideAClosedSetNamesTheSet() {
        Launched launched = Cli.launch("version", "-o", "xml");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error())
                .contains("'--output'", "'xml' is none of table, json, yaml, tsv")
                .doesNotContain("did you mean");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    history --last 0, '0' is not at least 1
                    history --last -3, '-3' is not at least 1
                    history --last all, 'all' is not a whole number
                    history --last 2147483648, '2147483648' is not at most 2147483647
                    orphans show x --offset -1, '-1' is not at least 0
                    orphans show x --limit 0, '0' is not at least 1
                    bench --rounds 0, '0' is not at least 1
                    """)
    void numberThatMeansNothingIsRefusedAndNotTakenForAnother(String typed, String why) {
        Launched launched = Cli.launch(typed.split(" "));

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.output()).isEmpty();
        assertThat(launched.error()).contains(why);
    }

    @Test
    void misspeltValueIsGuessed() {
        assertThat(Cli.launch("version", "-o", "jsno").error()).contains("did you mean 'json'?");
        assertThat(Cli.launch("demo", "kil-leader").error())
                .contains("did you mean 'kill-leader'?");
    }

    @Test
    void valueOfAnUnknownOptionIsNotBlamed() {
        assertThat(Cli.launch("status", "--sever", "x").error())
                .contains("unknown option '--sever'", "did you mean --server?")
                .doesNotContain("'x'");
    }

    @Test
    void anOptionBeforeTheCommandIsToldItsPlace() {
        assertThat(Cli.launch("-s", "a.example", "status").error())
                .contains("unknown option '-s'", "put it behind the command");
    }

    @Test
    void wordThatIsTooMuchIsAnArgumentAndNoCommand() {
        assertThat(Cli.launch("demo", "all", "all").error()).contains("unknown argument 'all'");
    }

    @Test
    void demoThatOnlySpeaksToPeopleOffersNoFormats() {
        Launched launched = Cli.launch("demo", "status", "-o", "json");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("unknown option '-o'");
        assertThat(Cli.launch("demo", "--help").output())
                .contains("--color", "--ascii")
                .doesNotContain("--no-header", "--json");
    }

    @Test
    void bucketThatCannotBeIsRefusedBeforeAnybodyIsAsked() {
        for (String name : new String[] {"", "a b", "a.b", ">", "x".repeat(300)}) {
            Launched launched = Cli.launch("status", "--bucket", name);

            assertThat(launched.exitCode()).as(name).isEqualTo(2);
            assertThat(launched.error()).as(name).contains("is no name of a bucket");
        }
    }

    @ParameterizedTest
    @MethodSource("jsonSpellings")
    void usageErrorsAreJsonWhenTheOutputIs(String spelling) {
        Launched launched = Cli.launch(("version --nosuch " + spelling).split(" "));

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error())
                .startsWith("{\"schema\":1,\"error\":{\"code\":2,\"kind\":\"usage\",\"what\":");
    }

    static String[] jsonSpellings() {
        return new String[] {"-o json", "-ojson", "-o=json", "--output json", "--json"};
    }

    @Test
    void everyHelpHasExamplesAndTheExitCodes() {
        for (Commands.Entry entry : Commands.all()) {
            Launched launched = Cli.launch(entry.name(), "--help");

            assertThat(launched.exitCode()).as(entry.name()).isZero();
            assertThat(launched.output())
                    .as(entry.name())
                    .contains("Examples:", "  twonode " + entry.name(), "Exit codes:")
                    .containsPattern("(?m)^ *6 +no answer in time");
        }
    }

    @Test
    void helpOfOneCommandIsTheSameByEitherWay() {
        assertThat(Cli.launch("help", "version").output())
                .isEqualTo(Cli.launch("version", "--help").output());
    }
}
