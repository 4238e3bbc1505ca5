package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsContextTest {

    @TempDir Path folder;
    private ConfigFixture machine;

    @BeforeEach
    void machine() {
        machine = new ConfigFixture(folder).withPeer();
        machine.natsContext(
                "site",
                """
                {"description":"the site","url":"nats://site:4222,nats://site2:4222",
                 "user":"ann","password":"geheim","inbox_prefix":"_ANN","tls_first":true,
                 "color_scheme":"blue","creds":""}
                """);
    }

    @Test
    void namedContextGivesTheConnection() {
        ConnectionSettings connection = machine.flag(Setting.CONTEXT, "site").connection();

        assertThat(connection.servers()).hasToString("[nats://site:4222, nats://site2:4222]");
        assertThat(connection.credentials())
                .isEqualTo(new Credentials.UserPassword("ann", new Secret("geheim")));
        assertThat(connection.inboxPrefix()).isEqualTo("_ANN");
        assertThat(connection.tls().first()).isTrue();
    }

    @Test
    void contextStandsBetweenVariableAndFile() {
        machine.flag(Setting.CONTEXT, "site").systemFile("server: file:4222\n");
        assertThat(machine.config().server().server()).hasToString("nats://site:4222");

        machine.variable("NATS_URL", "variable:4222");
        assertThat(machine.config().server().server()).hasToString("nats://variable:4222");
    }

    @Test
    void selectedContextIsForCommandsNotForTheAgent() {
        machine.selectedContext("site\n");

        assertThat(machine.connection().server()).hasToString("nats://site:4222");
        assertThat(machine.config().server().server()).hasToString("nats://127.0.0.1:4222");
    }

    @Test
    void selectedContextGivesWayToANamedServerAndToNoContext() {
        machine.selectedContext("site");
        machine.flag(Setting.SERVER, "localhost:4223");
        assertThat(machine.connection().credentials()).isEqualTo(new Credentials.None());

        ConfigFixture other = new ConfigFixture(folder).flag(Setting.NO_CONTEXT, "true");
        assertThat(other.connection().server()).hasToString("nats://127.0.0.1:4222");
    }

    @Test
    void contextMayBeAFile() {
        String file = machine.file("own.json", "{\"url\":\"nats://own:4222\"}");
        assertThat(machine.variable("NATS_CONTEXT", file).connection().server())
                .hasToString("nats://own:4222");
    }

    @Test
    void aPathIsTakenFromTheWorkingFolderAndSaidInFull() {
        Path meant = Path.of("").toAbsolutePath().resolve("../no-such/x").normalize();

        assertThat(machine.flag(Setting.CONTEXT, "../no-such/x").onlyProblem())
                .isEqualTo("cannot read the NATS context " + meant + ": there is no such file");
    }

    @Test
    void whatCannotBeAFileIsRefused() {
        assertThat(machine.flag(Setting.CONTEXT, "a\0/b").onlyProblem()).contains("is not a path");
    }

    @Test
    void unknownContextGetsAGuess() {
        assertThat(machine.flag(Setting.CONTEXT, "sitte").onlyProblem())
                .isEqualTo(
                        "there is no NATS context 'sitte' (did you mean 'site'?); 'nats context ls'"
                                + " lists them");
    }

    @Test
    void brokenContextIsRefusedWithoutQuotingIt() {
        machine.natsContext("broken", "{\"password\":\"geheim\"");
        assertThat(machine.flag(Setting.CONTEXT, "broken").onlyProblem())
                .contains("broken.json is not valid JSON")
                .doesNotContain("geheim");
    }

    @Test
    void contextThatNeedsAnotherProgramIsRefused() {
        machine.natsContext("nsc", "{\"nsc\":\"nsc://op/acc/user\"}");
        assertThat(machine.flag(Setting.CONTEXT, "nsc").onlyProblem()).contains("uses 'nsc'");
    }

    @Test
    void namesOfContextsAreListed() {
        machine.natsContext("another", "{}");
        assertThat(NatsContext.names(machine.around())).containsExactly("another", "site");
    }
}
