package dev.twonode.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutletTest {

    private static Outlet failing(String why) {
        OutputStream stream =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException(why);
                    }
                };
        return Outlet.to(stream, StandardCharsets.UTF_8);
    }

    @Test
    void whatGotThroughIsNoLoss() {
        Outlet outlet = Outlet.to(OutputStream.nullOutputStream(), StandardCharsets.UTF_8);

        outlet.println("data");

        assertThat(outlet.loss()).isEmpty();
    }

    @Test
    void whatDidNotIsALossThatSaysWhy() {
        Outlet outlet = failing("No space left on device");

        outlet.println("data");

        assertThat(outlet.loss()).contains("No space left on device");
    }

    @Test
    void aReaderThatLeftHasWhatItWanted() {
        Outlet outlet = failing("Broken pipe");

        outlet.println("data");

        assertThat(outlet.loss()).isEmpty();
    }
}
