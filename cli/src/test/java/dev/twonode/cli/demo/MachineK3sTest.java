package dev.twonode.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineK3sTest {

    @TempDir Path temp;

    @BeforeEach
    void folders() throws IOException {
        for (String folder : new String[] {"etc", "home", "demo/kubernetes"}) {
            Files.createDirectories(temp.resolve(folder));
        }
    }

    private MachineK3s machine() {
        return new MachineK3s(temp.resolve("etc"), temp.resolve("home"), temp.resolve("demo"));
    }

    @Test
    void nothingIsFoundWhereNoK3sHasRun() {
        assertThat(machine().trace()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"etc/config.yaml", "etc/config.yaml.d", "etc/k3s.yaml", "home/k3s.yaml"})
    void eachFileOfAnOwnK3sIsFound(String name) throws IOException {
        Path file = Files.createFile(temp.resolve(name));

        assertThat(machine().trace()).contains(file);
    }

    @Test
    void aLinkOutOfTheDemoIsFoundAndStays() throws IOException {
        Path target = Files.createFile(temp.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(temp.resolve("etc/k3s.yaml"), target);

        machine().removeLinks();

        assertThat(machine().trace()).contains(link);
    }

    @Test
    void aLinkIntoTheDemoIsNoTraceAndIsRemoved() throws IOException {
        Path target = Files.createFile(temp.resolve("demo/kubernetes/kubeconfig-leader.yaml"));
        Path link = Files.createSymbolicLink(temp.resolve("etc/k3s.yaml"), target);

        assertThat(machine().trace()).isEmpty();
        machine().removeLinks();

        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(target).exists();
    }

    @Test
    void aLinkToNowhereIsNoTraceAndStays() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("etc/k3s.yaml"), temp.resolve("gone"));

        machine().removeLinks();

        assertThat(machine().trace()).isEmpty();
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void aFileOfItsOwnIsNeverRemoved() throws IOException {
        Path file = Files.createFile(temp.resolve("etc/k3s.yaml"));

        machine().removeLinks();

        assertThat(file).exists();
    }
}
