package dev.twonode.nats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small certificate authority made with openssl: PEM files in one folder.
final class Certificates {

    private final Path folder;

    Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        openssl(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca"
                        + " -keyout ca.key -out ca.pem");
        issue("server", "IP:127.0.0.1,DNS:localhost");
        issue("elsewhere", "DNS:other.example");
        issue("client", "DNS:client");
        openssl("rsa -in client.key -traditional -out client-rsa.key");
        openssl("ecparam -name prime256v1 -genkey -noout -out client-ec.key");
        request("client-ec", "DNS:client");
        openssl(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger"
                        + " -keyout stranger.key -out stranger.pem");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private void issue(String name, String subjectName) throws IOException, InterruptedException {
        openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + name + ".key");
        request(name, subjectName);
    }

    private void request(String name, String subjectName) throws IOException, InterruptedException {
        openssl("req -new -key " + name + ".key -subj /CN=" + name + " -out " + name + ".csr");
        Files.writeString(file(name + ".ext"), "subjectAltName=" + subjectName + "\n");
        openssl(
                "x509 -req -days 2 -in "
                        + name
                        + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial"
                        + " -extfile "
                        + name
                        + ".ext -out "
                        + name
                        + ".pem");
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("openssl " + arguments + ":\n" + output);
        }
    }
}
