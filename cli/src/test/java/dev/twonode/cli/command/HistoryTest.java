package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import org.junit.jupiter.api.Test;

class HistoryTest {

    @Test
    void termsEndWhereTheNextBegins() {
        Golden.check("history.txt", run("history", "-s", "a.example"));
    }

    @Test
    void jsonHoldsBothLists() {
        Golden.check("history.json", run("history", "-s", "a.example", "-o", "json"));
    }

    @Test
    void lastLimitsBoth() {
        assertThat(run("history", "-s", "a.example", "--last", "1", "-o", "tsv"))
                .isEqualTo("term\tleader\tstartSeq\tendSeq\n7\ta\t2001\t2823\n");
    }

    private static String run(String... args) {
        return new Cli().agents(FakeAgents.healthy()).variable("COLUMNS", "120").run(args).output();
    }
}
