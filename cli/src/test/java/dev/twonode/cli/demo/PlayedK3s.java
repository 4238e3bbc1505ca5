package dev.twonode.cli.demo;

import dev.twonode.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// A machine on which programs of the test stand for K3s, which no registry has.
///
/// @param temp where its programs and its home are
record PlayedK3s(Path temp) {

    /// Takes the options of `k3s server` that the demo gives, refuses any other, and runs an API
    /// server on the datastore, of which it writes the file for `kubectl`.
    private static final String AN_API_SERVER =
            """
            #!/bin/sh
            set -eu
            [ "$1" = server ]
            shift
            for option in "$@"; do
                value=${option#*=}
                case $option in
                --datastore-endpoint=*) store=$value ;;
                --data-dir=*) data=$value ;;
                --write-kubeconfig=*) kubeconfig=$value ;;
                --token-file=*) token=$(cat "$value") ;;
                --https-listen-port=*) port=$value ;;
                --kube-controller-manager-arg=secure-port=* | --kube-scheduler-arg=secure-port=*) ;;
                --disable=coredns,servicelb,traefik,local-storage,metrics-server) ;;
                --disable-agent | --disable-cloud-controller | --disable-helm-controller) ;;
                --disable-kube-proxy | --disable-network-policy) ;;
                --egress-selector-mode=disabled) ;;
                *)
                    echo "k3s: flag provided but not defined: $option" >&2
                    exit 1
                    ;;
                esac
            done
            mkdir -p "$data"
            cd "$data"
            password=of-k3s-$token
            echo "$password,admin,admin,system:masters" >tokens.csv
            [ -s key ] || openssl genrsa -out key 2048
            cat >"$kubeconfig" <<KUBECONFIG
            apiVersion: v1
            kind: Config
            clusters:
            - name: k3s
              cluster: {server: "https://127.0.0.1:$port", insecure-skip-tls-verify: true}
            users:
            - {name: k3s, user: {token: "$password"}}
            contexts:
            - {name: k3s, context: {cluster: k3s, user: k3s}}
            current-context: k3s
            KUBECONFIG
            exec kube-apiserver "--etcd-servers=$store" "--secure-port=$port" --cert-dir=tls \\
                --bind-address=127.0.0.1 --token-auth-file=tokens.csv --authorization-mode=RBAC \\
                --service-account-issuer=https://kubernetes.default.svc \\
                --service-account-key-file=key --service-account-signing-key-file=key \\
                --service-cluster-ip-range=10.43.0.0/16 --endpoint-reconciler-type=none
            """;

    private static final String ONE_THAT_ONLY_TALKS =
            """
            #!/bin/sh
            echo 'k3s: no workload is taken today'
            exec sleep 600
            """;

    private static final String A_KUBECTL_THAT_IS_REFUSED =
            """
            #!/bin/sh
            case "$*" in *readyz*) echo ok ;; *) exit 1 ;; esac
            """;

    /// A `k3s` that is an API server on the kine of its node.
    void andIsAnApiServer() throws IOException {
        program("k3s", AN_API_SERVER);
        real("kube-apiserver");
    }

    /// A `k3s` that is ready and takes no workload.
    void andTakesNoWorkload() throws IOException {
        program("k3s", ONE_THAT_ONLY_TALKS);
        program("kubectl", A_KUBECTL_THAT_IS_REFUSED);
    }

    /// A K3s that was here before the demo.
    ///
    /// @return its file for `kubectl`
    Path andWasHereBefore() throws IOException {
        Path kube = Files.createDirectories(temp.resolve("home/.kube"));
        return Files.writeString(kube.resolve("k3s.yaml"), "of somebody\n");
    }

    /// What a command on that machine finds: these programs first, and only what the demo needs of
    /// those that were fetched.
    Map<String, String> variables() throws IOException {
        for (String program : List.of("kine", "nats-server")) {
            real(program);
        }
        return Map.of(
                "PATH", bin() + ":" + System.getenv("PATH"),
                "HOME", temp.resolve("home").toString(),
                "XDG_CACHE_HOME", temp.resolve("cache").toString());
    }

    private Path bin() throws IOException {
        return Files.createDirectories(temp.resolve("bin"));
    }

    private void real(String program) throws IOException {
        program(program, "#!/bin/sh\nexec '" + Tools.path(program) + "' \"$@\"\n");
    }

    private void program(String name, String script) throws IOException {
        Path path = Files.writeString(bin().resolve(name), script);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
