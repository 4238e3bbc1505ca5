package dev.twonode.cli.console;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The three standard streams. Data goes to `out`, everything else to `err`.
///
/// @param out for data
/// @param err for messages, questions and errors
/// @param in for answers to questions
/// @param terminals which of the three is a terminal
/// @param unicode whether `out` can carry more than ASCII
public record Streams(
        PrintWriter out, PrintWriter err, BufferedReader in, Terminals terminals, boolean unicode) {

    /// The streams of this process, in the encodings of its locale.
    public static Streams ofProcess() {
        Charset outCharset = charset("stdout.encoding");
        return new Streams(
                writer(FileDescriptor.out, outCharset),
                writer(FileDescriptor.err, charset("stderr.encoding")),
                new BufferedReader(
                        new InputStreamReader(
                                new FileInputStream(FileDescriptor.in), charset("stdin.encoding"))),
                Terminals.ofProcess(),
                outCharset.equals(StandardCharsets.UTF_8));
    }

    /// Why data did not get where it should, as on a full disk.
    public Optional<String> loss() {
        return out instanceof Outlet outlet ? outlet.loss() : Optional.empty();
    }

    private static PrintWriter writer(FileDescriptor descriptor, Charset charset) {
        return Outlet.to(new FileOutputStream(descriptor), charset);
    }

    /// Falls back on UTF-8, which is what a redirected stream is read as nearly everywhere.
    private static Charset charset(String property) {
        String name = System.getProperty(property, "");
        return name.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(name);
    }
}
