package dev.twonode.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A writer that knows why it could not write, which a plain one keeps to itself.
final class Outlet extends PrintWriter {

    /// The reader left, as `head` does; it has what it wanted.
    private static final String READER_LEFT = "Broken pipe";

    private final Sink sink;

    private Outlet(Sink sink, Charset charset) {
        super(new OutputStreamWriter(sink, charset), true);
        this.sink = sink;
    }

    static Outlet to(OutputStream stream, Charset charset) {
        return new Outlet(new Sink(stream), charset);
    }

    /// Why something that was written did not arrive.
    Optional<String> loss() {
        return Optional.ofNullable(sink.failure).filter(it -> !it.equals(READER_LEFT));
    }

    private static final class Sink extends FilterOutputStream {
        private volatile @Nullable String failure;

        Sink(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                throw e;
            }
        }
    }
}
