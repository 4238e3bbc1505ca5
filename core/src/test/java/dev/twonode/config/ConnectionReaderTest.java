package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionReaderTest {

    private static final String SEED = "SUA" + "B".repeat(55);

    @TempDir Path folder;
    private ConfigFixture machine;

    @BeforeEach
    void machine() {
        machine = new ConfigFixture(folder).withPeer();
    }

    @Test
    void passwordComesFromAFileWithoutItsLineEnd() {
        machine.flag(Setting.USER, "ann")
                .flag(Setting.PASSWORD_FILE, machine.file("pw", "geheim\n"));
        Config config = machine.config();

        Credentials expected = new Credentials.UserPassword("ann", new Secret("geheim"));
        assertThat(config.server().credentials()).isEqualTo(expected);
        assertThat(config.peer().credentials()).isEqualTo(expected);
        assertThat(config.toString()).doesNotContain("geheim");
    }

    @Test
    void secretsInFlagsWorkAndAreWarnedOfAndMasked() {
        LoadedConfig loaded = machine.flag(Setting.TOKEN, "geheim").load();

        assertThat(loaded.config().server().credentials())
                .isEqualTo(new Credentials.Token(new Secret("geheim")));
        assertThat(loaded.warnings()).singleElement().asString().contains("--token-file");
        assertThat(loaded.toYaml()).contains("token: '***'").doesNotContain("geheim");
        assertThat(loaded.toString()).doesNotContain("geheim");
    }

    @Test
    void filesOfCredentialsAreNamedNotRead() {
        String creds =
                machine.file(
                        "a.creds",
                        "-----BEGIN NATS USER JWT-----\neyJ0\n-----END NATS USER JWT-----\n\n"
                                + "-----BEGIN USER NKEY SEED-----\n"
                                + SEED
                                + "\n-----END USER NKEY SEED-----\n");
        String nkey = machine.file("a.nk", SEED + "\n");

        assertThat(machine.variable("NATS_CREDS", creds).config().server().credentials())
                .isEqualTo(new Credentials.CredsFile(Path.of(creds)));
        assertThat(machine.flag(Setting.NKEY, nkey).config().server().credentials())
                .as("the flag's way to log in beats the variable's")
                .isEqualTo(new Credentials.NkeyFile(Path.of(nkey)));
    }

    /// A password in its place would be found out at the first connect only.
    @Test
    void aFileWithoutASeedIsNoLogin() {
        String file = machine.file("pw", "secret\nSU-per\n");
        for (Setting setting : List.of(Setting.NKEY, Setting.CREDS)) {
            assertThat(new ConfigFixture(folder).withPeer().flag(setting, file).onlyProblem())
                    .isEqualTo(
                            setting
                                    + ": "
                                    + file
                                    + " holds no user seed ('SU' and 56 letters and digits)");
        }
        String account = machine.file("account", "SAAB" + SEED.substring(4));
        assertThat(machine.flag(Setting.PEER_NKEY, account).onlyProblem())
                .contains("holds no user seed");
    }

    @Test
    void aSeedWithoutAJwtIsNoCredentialsFile() {
        machine.flag(Setting.CREDS, machine.file("seed", SEED));

        assertThat(machine.onlyProblem()).contains("holds no JWT", "--nkey");
    }

    @Test
    void tokenFileIsRead() {
        machine.flag(Setting.TOKEN_FILE, machine.file("t", " word \n"));
        assertThat(machine.config().server().credentials())
                .isEqualTo(new Credentials.Token(new Secret("word")));
    }

    @Test
    void twoEquallyStrongWaysContradict() {
        machine.flag(Setting.CREDS, machine.file("c", SEED))
                .flag(Setting.TOKEN_FILE, machine.file("t", "x"));

        assertThat(machine.onlyProblem())
                .isEqualTo("--token-file and --creds are two ways to log in; keep one");
    }

    @Test
    void halfALoginIsRefused() {
        assertThat(machine.flag(Setting.USER, "ann").onlyProblem())
                .isEqualTo("--user: a user without a password; add --password-file");
        ConfigFixture other = new ConfigFixture(folder).withPeer();
        other.flag(Setting.PASSWORD_FILE, other.file("pw", "x"));
        assertThat(other.onlyProblem()).contains("name the user with --user");
    }

    @Test
    void missingEmptyAndHugeFilesAreRefused() {
        machine.flag(Setting.CREDS, folder + "/none.creds");
        assertThat(machine.onlyProblem())
                .isEqualTo("--creds: there is no file " + folder + "/none.creds");
        String empty = machine.file("empty", "\n");
        ConfigFixture second = new ConfigFixture(folder).withPeer();
        assertThat(second.flag(Setting.TOKEN_FILE, empty).onlyProblem()).contains("is empty");
        second.flag(Setting.TOKEN_FILE, second.file("huge", "x".repeat(70_000)));
        assertThat(second.onlyProblem()).contains("too large");
        second.flag(Setting.TOKEN_FILE, folder + "/none");
        assertThat(second.onlyProblem()).contains("there is no such file");
    }

    @Test
    void addressWithUserAndLoginContradict() {
        machine.flag(Setting.SERVER, "nats://ann:geheim@localhost:4222")
                .flag(Setting.TOKEN, "word");

        assertThat(machine.onlyProblem()).startsWith("--server: the address names a user");
    }

    @Test
    void peerMayBeLoggedInToDifferently() {
        machine.flag(Setting.TOKEN, "own")
                .flag(Setting.PEER_USER, "bob")
                .flag(Setting.PEER_PASSWORD_FILE, machine.file("pw", "word"));
        Config config = machine.config();

        assertThat(config.server().credentials())
                .isEqualTo(new Credentials.Token(new Secret("own")));
        assertThat(config.peer().credentials())
                .isEqualTo(new Credentials.UserPassword("bob", new Secret("word")));
    }

    @Test
    void tlsOfThePeerIsAsOnesOwnUnlessSaid() {
        String cert = machine.file("c.pem", "x");
        String key = machine.file("k.pem", "x");
        String ca = machine.file("ca.pem", "x");
        String otherCa = machine.file("ca2.pem", "x");
        machine.flag(Setting.TLSCERT, cert)
                .flag(Setting.TLSKEY, key)
                .flag(Setting.TLSCA, ca)
                .flag(Setting.TLSFIRST, "true");
        Config config = machine.config();

        assertThat(config.server().tls())
                .isEqualTo(new TlsSettings(Path.of(cert), Path.of(key), Path.of(ca), true));
        assertThat(config.server().tls().isDemanded()).isTrue();
        assertThat(config.peer().tls()).isEqualTo(config.server().tls());

        machine.flag(Setting.PEER_TLSCA, otherCa).flag(Setting.PEER_TLSFIRST, "false");
        assertThat(machine.config().peer().tls())
                .isEqualTo(new TlsSettings(Path.of(cert), Path.of(key), Path.of(otherCa), false));
    }

    @Test
    void certificateWithoutKeyIsRefused() {
        machine.flag(Setting.TLSCERT, machine.file("c.pem", "x"));
        assertThat(machine.onlyProblem()).isEqualTo("--tlscert: needs --tlskey beside it");
    }

    @Test
    void keyThatIsNotThereIsToldOnce() {
        machine.flag(Setting.TLSCERT, machine.file("c.pem", "x")).flag(Setting.TLSKEY, "/none.pem");
        assertThat(machine.problems()).containsExactly("--tlskey: there is no file /none.pem");
    }

    @Test
    void prefixesAreChecked() {
        machine.flag(Setting.INBOX_PREFIX, "a b").flag(Setting.SUBJECT_PREFIX, "site.*");
        assertThat(machine.problems()).hasSize(2).allMatch(p -> p.contains("is no subject prefix"));
    }

    @Test
    void requestsNeedTime() {
        assertThat(machine.flag(Setting.TIMEOUT, "0s").onlyProblem())
                .isEqualTo("--timeout: has to be longer than nothing");
    }

    @Test
    void emptyListOfAddressesIsRefused() {
        machine.flag(Setting.SERVER, " , ");
        assertThat(machine.problems())
                .isEqualTo(List.of("--server: no address; write one like nats://HOST:4222"));
    }
}
