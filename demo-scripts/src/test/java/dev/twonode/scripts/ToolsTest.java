package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.scripts.Sandbox.Outcome;
import dev.twonode.scripts.Sandbox.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ToolsTest {
    private static final String GOOD_SERVER = "echo 'nats-server: v2.15.2'";
    private static final String OLD_SERVER = "echo 'nats-server: v2.9.10'";

    private Sandbox machine;

    @BeforeEach
    void emptyMachine(@TempDir Path root) throws IOException {
        machine = new Sandbox(root);
    }

    private void installAll() throws IOException {
        machine.install("bin", "nats-server", GOOD_SERVER);
        machine.install("bin", "nats", "echo v0.5.1");
        machine.install("bin", "kine", "echo 'kine version dev (HEAD)'");
    }

    private String pinned(String tool) {
        return machine.cache() + "/" + tool;
    }

    @Nested
    final class OnPath {
        @Test
        void printsOneLineForEachTool() throws Exception {
            installAll();
            Path bin = machine.root().resolve("bin");

            Outcome outcome = machine.tools();

            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.output())
                    .containsExactly(
                            "nats-server " + bin + "/nats-server",
                            "nats " + bin + "/nats",
                            "kine " + bin + "/kine");
            assertThat(outcome.errors()).isEmpty();
        }

        @Test
        void printsOnlyThePathsOfNamedTools() throws Exception {
            installAll();
            Path bin = machine.root().resolve("bin");

            assertThat(machine.tools("nats-server").output()).containsExactly(bin + "/nats-server");
            assertThat(machine.tools("kine", "nats").output())
                    .containsExactly(bin + "/kine", bin + "/nats");
        }

        @Test
        void saysWhatIsHereAndFetchesNothing() throws Exception {
            installAll();
            Path bin = machine.root().resolve("bin");

            assertThat(machine.tools("--here", "kine").output()).containsExactly(bin + "/kine");
            Outcome absent = machine.tools("--here", "kube-apiserver");
            assertThat(absent.exitCode()).isEqualTo(1);
            assertThat(absent.output()).isEmpty();
            assertThat(absent.errors()).isEmpty();
            assertThat(Path.of(pinned("."))).doesNotExist();
        }

        @Test
        void refusesAnOldServerWithTheReasonAndTakesTheNextOne() throws Exception {
            Path old = machine.install("old", "nats-server", OLD_SERVER);
            Path good = machine.install("good", "nats-server", "echo 'nats-server: v2.10.28'");

            Outcome outcome = machine.tools("nats-server");

            assertThat(outcome.output()).containsExactly(good.toString());
            assertThat(outcome.errors()).contains(old + " is not used: it is version 2.9.10");
            assertThat(outcome.errors()).contains("older than 2.10.28");
        }

        @Test
        void comparesVersionsNumberByNumber() throws Exception {
            machine.install("older", "nats-server", "echo 'nats-server: v2.10.9'");
            Path newer = machine.install("newer", "nats-server", "echo 'nats-server: v3.0.0-RC.1'");

            assertThat(machine.tools("nats-server").output()).containsExactly(newer.toString());
        }

        @Test
        void passesOverProgramsThatDoNotRunOrDoNotSayTheirVersion() throws Exception {
            machine.install("broken", "nats-server", "exit 127");
            machine.install("mute", "nats-server", "echo hello");
            Path good = machine.install("good", "nats-server", GOOD_SERVER);

            Outcome outcome = machine.tools("nats-server");

            assertThat(outcome.output()).containsExactly(good.toString());
            assertThat(outcome.errors())
                    .contains("it does not run")
                    .contains("it does not say its version");
        }
    }

    @Nested
    final class FromReleases {
        @Test
        void fetchesChecksAndKeepsWhatIsMissing() throws Exception {
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());
                Outcome outcome = machine.tools();
                assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
            }

            Outcome offline = machine.tools();

            assertThat(offline.output())
                    .containsExactly(
                            "nats-server " + pinned("nats-server-2.15.2/nats-server"),
                            "nats " + pinned("nats-0.5.1/nats"),
                            "kine " + pinned("kine-0.17.5/kine"));
            assertThat(offline.errors()).isEmpty();
            assertThat(machine.cached())
                    .containsExactly(
                            "kine-0.17.5/kine",
                            "nats-0.5.1/nats",
                            "nats-server-2.15.2/nats-server");
        }

        @Test
        void unpacksWithTheJdkWhereThereIsNoUnzip() throws Exception {
            machine.uninstall("unzip");
            machine.set("JAVA_HOME", System.getProperty("java.home"));
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                assertThat(machine.tools("nats").output())
                        .containsExactly(pinned("nats-0.5.1/nats"));
            }
        }

        @Test
        void refusesAnArchiveWithAWrongChecksum() throws Exception {
            try (var releases = new ReleaseServer()) {
                releases.publishOtherChecksums(ReleaseServer.SERVER);
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                Outcome outcome = machine.tools("nats-server");

                assertThat(outcome.exitCode()).isEqualTo(1);
                assertThat(outcome.output()).isEmpty();
                assertThat(outcome.errors()).contains("has the wrong checksum: ");
                assertThat(machine.cached()).isEmpty();
            }
        }

        @Test
        void refusesAnArchiveWithoutAPublishedChecksum() throws Exception {
            try (var releases = new ReleaseServer()) {
                releases.publishNoChecksums(ReleaseServer.CLIENT);
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                Outcome outcome = machine.tools("nats");

                assertThat(outcome.exitCode()).isEqualTo(1);
                assertThat(outcome.errors()).contains("names no checksum for nats-0.5.1-linux-");
                assertThat(machine.cached()).isEmpty();
            }
        }

        @Test
        void replacesADamagedProgramInTheCache() throws Exception {
            Path damaged = machine.cache().resolve("nats-server-2.15.2/nats-server");
            Sandbox.executable(damaged, "exit 1");
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                Outcome outcome = machine.tools("nats-server");

                assertThat(outcome.output()).containsExactly(damaged.toString());
                assertThat(outcome.errors()).contains("does not run; getting it again");
                assertThat(Files.readString(damaged)).contains("v2.15.2");
            }
        }

        @Test
        void runsAtTheSameTimeFetchOnceAndAllSucceed() throws Exception {
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());
                List<Started> runs = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    runs.add(machine.startTools("kine"));
                }

                for (Started run : runs) {
                    assertThat(Sandbox.outcomeOf(run).output())
                            .containsExactly(pinned("kine-0.17.5/kine"));
                }

                assertThat(releases.fetched()).hasSize(2).doesNotHaveDuplicates();
                assertThat(machine.cached()).containsExactly("kine-0.17.5/kine");
            }
        }

        @Test
        void takesOverTheLockOfARunThatDied() throws Exception {
            Process dead = new ProcessBuilder("true").start();
            dead.waitFor();
            Path lock = Files.createDirectories(machine.cache().resolve("kine.lock"));
            Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                Outcome outcome = machine.tools("kine");

                assertThat(outcome.output()).containsExactly(pinned("kine-0.17.5/kine"));
                assertThat(outcome.errors()).contains("taking over ");
                assertThat(lock).doesNotExist();
            }
        }
    }

    @Nested
    final class FromGo {
        @Test
        void buildsThePinnedVersionBeforeLookingAtReleases() throws Exception {
            machine.install(
                    "go/bin",
                    "go",
                    """
                    echo "$*" > "$HOME/go-was-asked"
                    printf '#!/bin/sh\\necho nats-server: v2.15.2\\n' > "$GOBIN/nats-server"
                    """);

            Outcome outcome = machine.tools("nats-server");

            assertThat(outcome.output()).containsExactly(pinned("nats-server-2.15.2/nats-server"));
            assertThat(machine.root().resolve("home/go-was-asked"))
                    .hasContent("install github.com/nats-io/nats-server/v2@v2.15.2");
        }

        @Test
        void fallsBackToTheReleaseWhenTheBuildFails() throws Exception {
            machine.install("go/bin", "go", "echo 'go: module lookup disabled' >&2; exit 1");
            try (var releases = new ReleaseServer()) {
                machine.set("TWONODE_TOOLS_RELEASES", releases.url());

                Outcome outcome = machine.tools("nats-server");

                assertThat(outcome.exitCode()).isZero();
                assertThat(outcome.errors()).contains("go: module lookup disabled");
            }
        }
    }

    @Nested
    final class Kubernetes {
        @Test
        void isBuiltFromTheModuleBesideTheScriptWhenItIsNamed() throws Exception {
            machine.install(
                    "go/bin",
                    "go",
                    """
                    echo "$PWD $*" > "$HOME/go-was-asked"
                    while [ "$1" != -o ]; do shift; done
                    printf '#!/bin/sh\\necho Kubernetes v1.35.4\\n' > "$2"
                    """);

            Outcome outcome = machine.tools("kube-apiserver");

            assertThat(outcome.errors()).contains("building kube-apiserver 1.35.4");
            assertThat(outcome.output())
                    .containsExactly(pinned("kube-apiserver-1.35.4/kube-apiserver"));
            assertThat(Files.readString(machine.root().resolve("home/go-was-asked")))
                    .startsWith(Path.of("kubernetes").toAbsolutePath() + " build ")
                    .contains("gitVersion=v1.35.4")
                    .endsWith("k8s.io/kubernetes/cmd/kube-apiserver\n");
        }

        @Test
        void isNotFetchedFromAnywhereElse() throws Exception {
            Outcome outcome = machine.tools("kube-controller-manager");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.errors())
                    .contains("no release archive is used for kube-controller-manager")
                    .contains("https://github.com/kubernetes/kubernetes/releases)");
        }

        @Test
        void isNamedByItsModuleInTheVersionThatTheScriptPins() throws Exception {
            assertThat(Path.of("kubernetes", "go.mod"))
                    .content()
                    .contains("k8s.io/kubernetes v1.35.4")
                    .contains("k8s.io/kubernetes/cmd/kube-apiserver")
                    .contains("k8s.io/kubernetes/cmd/kube-controller-manager");
        }
    }

    @Nested
    final class WhenNothingHelps {
        @Test
        void namesEachReasonAndWhatToInstallByHand() throws Exception {
            Path old = machine.install("bin", "nats-server", OLD_SERVER);

            Outcome outcome = machine.tools("nats-server");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output()).isEmpty();
            assertThat(outcome.errors())
                    .contains("nats-server: install version 2.10.28 or newer and put it on PATH")
                    .contains("https://github.com/nats-io/nats-server/releases")
                    .contains("go install github.com/nats-io/nats-server/v2@v2.15.2")
                    .contains(old + " is version 2.9.10, older than 2.10.28")
                    .contains("no Go on PATH to build it")
                    .contains("could not fetch http://127.0.0.1:1/nats-io/nats-server/releases");
        }

        @Test
        void stillPrintsTheToolsThatAreThere() throws Exception {
            Path client = machine.install("bin", "nats", "echo v0.5.1");

            Outcome outcome = machine.tools();

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output()).containsExactly("nats " + client);
            assertThat(outcome.errors()).contains("nats-server: install", "kine: install");
        }

        @Test
        void saysThatTheCacheCannotBeWritten() throws Exception {
            Path file = Files.createFile(machine.root().resolve("a-file"));
            machine.set("XDG_CACHE_HOME", file.toString());

            Outcome outcome = machine.tools("kine");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.errors())
                    .contains("the cache " + file + "/twonode/tools cannot be written");
        }

        @Test
        void refusesAnUnknownToolAsWrongUsage() throws Exception {
            Outcome outcome = machine.tools("etcd");

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.errors()).contains("unknown tool 'etcd'");
        }
    }
}
