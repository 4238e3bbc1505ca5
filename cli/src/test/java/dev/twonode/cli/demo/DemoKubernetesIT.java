package dev.twonode.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twonode.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo with a Kubernetes on each node. Takes minutes and a build of Kubernetes, so it runs
/// only with `-Pkubernetes`.
@Tag("kubernetes")
class DemoKubernetesIT {

    @TempDir Path temp;

    @BeforeAll
    static void everythingIsThere() {
        List.of("kine", "kube-apiserver", "kube-controller-manager").forEach(Tools::path);
    }

    @AfterEach
    void nothingStaysBehind() {
        DemoProcess.run(temp.resolve("demo"), "clean", "--kubernetes=auto");
    }

    @Test
    void kubernetesRidesThroughTheWholeStory() {
        DemoProcess all = DemoProcess.begin(temp.resolve("demo"), "all", "--kubernetes=apiserver");

        assertThat(all.await()).as(all.text()).isZero();
        assertThat(all.text())
                .contains("kubeconfig-leader.yaml kubectl apply -f ")
                .contains("kubeconfig-follower.yaml kubectl apply -f ")
                .contains("deployment.apps/nginx created")
                .contains("deployment.apps/nginx unchanged")
                .contains("kubectl -n kube-system get leases")
                .contains("kube-controller-manager")
                .contains("Kubernetes of node b knows the deployment nginx")
                .doesNotContain("✗")
                .doesNotContain("WRONG");
        assertThat(temp.resolve("demo")).doesNotExist();
    }

    /// What K3s does of its own is not shown by this: that the demo starts it, hears of its file
    /// for `kubectl`, finds it again after a kill and ends it.
    @Test
    void aK3sThatIsPlayedByAnApiServerRidesThroughTheWholeStory() throws IOException {
        assumeThat(Path.of("/etc/rancher/k3s")).as("a real K3s").doesNotExist();
        PlayedK3s k3s = new PlayedK3s(temp);
        k3s.andIsAnApiServer();

        DemoProcess all =
                DemoProcess.begin(temp.resolve("demo"), k3s.variables(), "all", "--kubernetes=k3s");

        assertThat(all.await()).as(all.text()).isZero();
        assertThat(all.text())
                .contains("k3s a started (pid ")
                .contains("k3s b started (pid ")
                .contains("deployment.apps/nginx created")
                .contains("deployment.apps/nginx unchanged")
                .contains("Kubernetes of node b knows the deployment nginx")
                .doesNotContain("✗")
                .doesNotContain("WRONG");
        assertThat(temp.resolve("demo")).doesNotExist();
    }
}
