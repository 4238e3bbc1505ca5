import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Two NATS servers with an agent behind each, just enough of both for every command of `twonode`
/// to run its course while the classes that it loads are noted. Writes the two addresses, with a
/// comma between them, into the file that its argument names, and serves until it is ended.
final class PretendedPair {

    private static final byte[] INFO =
            """
            INFO {"server_id":"PRETENDED","server_name":"pretended","version":"2.15.1",\
            "proto":1,"headers":true,"max_payload":1048576,"jetstream":true,"client_id":1}\r
            """
                    .getBytes(StandardCharsets.UTF_8);

    private static final String STATE =
            """
            {"health":"ok","isLeader":%s,"latestSeq":2823,"node":"%s","role":"%s","term":2,
            "commit":"leader","commitSeq":2823,"firstSeq":1,"alone":false,"inSync":true,
            "reason":"it is the designated leader","since":"2026-11-26T13:26:21.354608720Z",
            "time":"2026-11-26T13:29:26.294818817Z","uptimeMs":548743,"messages":2823,
            "bytes":1769984,"deleted":0,"peer":{"node":"%s","url":"nats://%s","contact":"ok",
            "lastContactMs":163,"health":"ok","role":"%s","term":2,"firstSeq":1,"lastSeq":2823,
            "lag":0,"inSync":true,"skewMs":1},"copy":{"phase":"idle","done":0,"total":0,
            "perSecond":0,"remainingMs":0},"history":[{"number":1,"leader":"a","startSeq":1},
            {"number":2,"leader":"a","startSeq":20}],"events":[{"time":
            "2026-11-26T13:26:17.618646664Z","term":2,"from":"Promoting","to":"Leading(BOTH)",
            "reason":"the leader handed over"}],"next":"","orphans":1,"server":{"id":"PRETENDED",
            "version":"2.15.1","url":"nats://%s"},"bucket":"kine","stream":"KV_kine",
            "pair":"b353e6a8bf1007b1","version":"0"}
            """;

    private static final String STREAM =
            """
            {"config":{"name":"KV_kine","storage":"file","num_replicas":1},"created":
            "2026-11-26T13:26:17.618646664Z","state":{"messages":2823,"bytes":1769984,
            "first_seq":1,"last_seq":2823,"num_deleted":0,"consumer_count":1}}
            """;

    private static final String ORPHANS =
            """
            {"ok":true,"exports":[{"name":"20261126T132617-1-20-21.jsonl","time":
            "2026-11-26T13:26:17Z","term":1,"fromSeq":20,"toSeq":21,"messages":2,"bytes":512,
            "acknowledged":"unknown"}],"lines":[]}
            """;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String address = "127.0.0.1:" + door.getLocalPort();

    private PretendedPair() throws IOException {}

    public static void main(String[] args) throws IOException {
        PretendedPair a = new PretendedPair();
        PretendedPair b = new PretendedPair();
        Thread.ofPlatform().start(() -> a.serve(a.state(true, b)));
        Thread.ofPlatform().start(() -> b.serve(b.state(false, a)));
        Path file = Path.of(args[0]);
        Path unfinished = Path.of(args[0] + ".new");
        Files.writeString(unfinished, a.address + "," + b.address);
        Files.move(unfinished, file);
    }

    private String state(boolean leads, PretendedPair peer) {
        String[] names = leads ? new String[] {"a", "b"} : new String[] {"b", "a"};
        String[] roles =
                leads ? new String[] {"leader", "follower"} : new String[] {"follower", "leader"};
        return STATE.formatted(
                leads, names[0], roles[0], names[1], peer.address, roles[1], address);
    }

    private void serve(String state) {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofPlatform().start(() -> talk(client, state));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void talk(Socket client, String state) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            List<String> subscriptions = new ArrayList<>();
            out.write(INFO);
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "PING" -> out.write("PONG\r\n".getBytes(StandardCharsets.UTF_8));
                    case "SUB" -> subscriptions.add(words[words.length - 1]);
                    case "PUB", "HPUB" -> {
                        in.skipNBytes(Integer.parseInt(words[words.length - 1]) + 2L);
                        byte[] answer = answer(words[1], state).getBytes(StandardCharsets.UTF_8);
                        String head =
                                "MSG "
                                        + words[2]
                                        + " "
                                        + subscriptions.getFirst()
                                        + " "
                                        + answer.length
                                        + "\r\n";
                        out.write(head.getBytes(StandardCharsets.UTF_8));
                        out.write(answer);
                        out.write("\r\n".getBytes(StandardCharsets.UTF_8));
                    }
                    default -> {}
                }
                out.flush();
            }
        } catch (IOException e) {
            // A client that hangs up has had what it came for.
            return;
        }
    }

    private static String answer(String subject, String state) {
        String word = subject.substring(subject.lastIndexOf('.') + 1);
        return switch (word) {
            case "state" -> state;
            case "KV_kine" -> STREAM;
            case "orphans" -> ORPHANS;
            case "stepdown" ->
                    "{\"ok\":true,\"leader\":\"b\",\"term\":3,\"handoverSeq\":2824,\"heldMs\":9}";
            default -> "{\"ok\":false,\"code\":\"busy\",\"error\":\"pretended\"}";
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c != -1; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
