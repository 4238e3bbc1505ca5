package dev.twonode.cli.demo;

import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/// What the Kubernetes of two local nodes has to have in common, and what its programs are told.
///
/// @param folder of the demo
record KubernetesFiles(RigFolder folder, RigState state) {

    private static final int KEY_BITS = 2_048;
    private static final int LINE = 64;

    /// Makes keys, password and the files for `kubectl`, unless they are there.
    void prepare() {
        Path home = folder.kubernetes();
        try {
            Files.createDirectories(
                    home,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            if (Files.exists(token())) {
                return;
            }
            Files.writeString(key(), newKey());
            String token = UUID.randomUUID().toString();
            Files.writeString(home.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
            for (RigState.Node node : state.nodes()) {
                Files.writeString(kubeconfig(node.name()), kubeconfig(node, token));
            }
            // Last: with it, everything is there.
            Files.writeString(token(), token);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + home, e);
        }
    }

    private Path token() {
        return folder.kubernetes().resolve("token");
    }

    private Path key() {
        return folder.kubernetes().resolve("service-account.key");
    }

    /// The file for `kubectl`, named as in the seed.
    Path kubeconfig(String node) {
        String role = state.isDesignated(node) ? "leader" : "follower";
        return folder.kubernetes().resolve("kubeconfig-" + role + ".yaml");
    }

    List<String> apiServer(RigState.Node node) {
        return List.of(
                "--etcd-servers=http://127.0.0.1:" + node.ports().kine(),
                "--cert-dir=" + folder.of(node.name()).resolve("certificates"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + node.ports().kubernetes(),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key(),
                "--service-account-signing-key-file=" + key(),
                "--token-auth-file=" + folder.kubernetes().resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--endpoint-reconciler-type=none");
    }

    List<String> controllers(RigState.Node node) {
        return List.of(
                "--kubeconfig=" + kubeconfig(node.name()),
                "--service-account-private-key-file=" + key(),
                "--use-service-account-credentials=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + node.ports().controllers(),
                "--cert-dir=" + folder.of(node.name()).resolve("certificates"));
    }

    /// Two K3s on one machine: neither has a kubelet, so no tunnel leads to one, and no two
    /// programs share a port.
    List<String> k3s(RigState.Node node) {
        int controllers = node.ports().controllers();
        return List.of(
                "server",
                "--datastore-endpoint=http://127.0.0.1:" + node.ports().kine(),
                "--data-dir=" + folder.of(node.name()).resolve("k3s"),
                "--write-kubeconfig=" + kubeconfig(node.name()),
                "--token-file=" + token(),
                "--https-listen-port=" + node.ports().kubernetes(),
                "--kube-controller-manager-arg=secure-port=" + controllers,
                "--kube-scheduler-arg=secure-port=" + (controllers + 1),
                "--disable=coredns,servicelb,traefik,local-storage,metrics-server",
                "--disable-agent",
                "--egress-selector-mode=disabled",
                "--disable-cloud-controller",
                "--disable-helm-controller",
                "--disable-kube-proxy",
                "--disable-network-policy");
    }

    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
            byte[] end = "\n".getBytes(StandardCharsets.US_ASCII);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(LINE, end).encodeToString(encoded)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The certificates are made by the API server for itself, so nobody could check them.
    private static String kubeconfig(RigState.Node node, String token) {
        return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: demo
          cluster:
            server: https://127.0.0.1:%d
            insecure-skip-tls-verify: true
        users:
        - name: admin
          user:
            token: %s
        contexts:
        - name: demo
          context:
            cluster: demo
            user: admin
        current-context: demo
        """
                .formatted(node.ports().kubernetes(), token);
    }
}
