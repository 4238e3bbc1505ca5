package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Unpacking one block of a snapshot.
class S2BlockTest {

    /// What the library that the servers use makes of [#content], at its best.
    private static final String PACKED =
            """
            hOcENGtleS4wLnZhbHVlLTA7AQ4AMQ0AADEFAAAyDQAANAUAADMNAAA5BQAANA0AADMFAAA1DQAE
            MTIFRwA2EQAJVgAwNg8AFWUAMjJmAAAzFQATADQVAAYyZQA6ZAAyYwAANDJiAAA5FQAFADMVAAUN
            jRVjADByyQAAMhUABQAzamYAADQVAAYyZQA6ZAAyYwAANDLIAAA5aioBDY0VYwAwcskAADIVAAUA
            M2pmADb2AQAxFQAFADBqkAEANBUABQA5aioBBDEyNmMAADByyQA2WwIAM2pmADb2AQAxFQAFADBq
            kAEANBUABQA5aioBOrsCBDEwcskANlsCADNqZgAANGqGAwAwapABNiADADlqKgE6uwIEMTByyQAA
            MmrsAwA5avYBNoYDADBqkAE2IAMAOWoqATq7AgQxMHLJAAAyauwDADlq9gE2hgOxFhkALhAAABEB
            HQBkEQDw/iaKLAwqhiD4DmL0xNIeqHB2ujz8+jawaF6SBLSizjjgxupM7MrmQNiuwhSkcn7IUBYa
            XNyaltBI/vIklEIuWMBmSmzMakZguE4iNIQS3ugwtnp8vDr28CieUkR04o54oAaqjKwKpoCY7oJU
            ZLI+CBBW2pyc2lYQCD6yZFSC7piApgqsjKoGoHiO4nREUp4o8PY6vHx6tjDo3hKENCJOuGBGasxs
            SmbAWC5ClCTy/kjQlprcXBoWUMh+cqQUwq7YQObK7EzqxuA4zqK0BJJeaLA2+vw8unZwqB7SxPRi
            DvgghioMLIomABhuAtTkMr6IkNZaHBxa1pCIvjLk1AJuGDEAGQBMABxhYmNkZWZnaBEIGQBMCA==
            """;

    @Test
    void aBlockOfTheServersOwnLibraryIsUnpacked() throws IOException {
        byte[] packed = Base64.getMimeDecoder().decode(PACKED);

        assertThat(S2Block.unpack(ByteBuffer.wrap(packed))).isEqualTo(content());
    }

    @Test
    void anEmptyBlockHasNoContent() throws IOException {
        assertThat(unpack("00")).isEmpty();
    }

    @Test
    void aLiteralIsTakenAsItIs() throws IOException {
        assertThat(text("03 08 616263")).isEqualTo("abc");
    }

    @Test
    void aLongLiteralHasItsLengthInBytesOfItsOwn() throws IOException {
        String hundred = "61".repeat(100);

        assertThat(text("64 f0 63 " + hundred)).isEqualTo("a".repeat(100));
        assertThat(text("64 f4 6300 " + hundred)).isEqualTo("a".repeat(100));
    }

    @Test
    void aCopyMayRepeatWhatItProducesItself() throws IOException {
        // Six bytes from two before.
        assertThat(text("08 04 6162 09 02")).isEqualTo("abababab");
    }

    @Test
    void aCopyWithTwoOrFourBytesOfDistanceIsTheSame() throws IOException {
        assertThat(text("08 04 6162 16 0200")).isEqualTo("abababab");
        assertThat(text("08 04 6162 17 02000000")).isEqualTo("abababab");
    }

    @Test
    void aDistanceOfNothingRepeatsTheOneBefore() throws IOException {
        // Four bytes from three before, a literal, and four bytes from three before again.
        assertThat(text("0c 08 616263 01 03 00 2d 01 00")).isEqualTo("abcabca-ca-c");
    }

    @Test
    void aLongRepetitionHasItsLengthInBytesOfItsOwn() throws IOException {
        // 4 bytes from one before, then 4 + 4 + 2, then 4 + 256 + 1 from there.
        assertThat(text("94 02 00 61 01 01 15 00 02 19 00 0100"))
                .isEqualTo("a".repeat(1 + 4 + 10 + 261));
    }

    @Test
    void aBlockThatBreaksOffOrReachesTooFarIsRefused() {
        assertRefused("08 04 61", "a literal of 2 bytes");
        assertRefused("08 04 6162 09", "within an element");
        assertRefused("08 04 6162 09 03", "a copy of 6 bytes from 3 before");
        assertRefused("08 04 6162 09 00", "from 0 before");
        assertRefused("08 04 6162", "a block of 8 bytes ends at 2");
        assertRefused("02 08 616263", "a literal of 3 bytes");
        assertRefused("ff ff ff ff 7f", "bytes");
        assertRefused("ff ff ff ff ff", "does not end");
    }

    private static void assertRefused(String hex, String why) {
        assertThatThrownBy(() -> unpack(hex))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static String text(String hex) throws IOException {
        return new String(unpack(hex), StandardCharsets.UTF_8);
    }

    private static byte[] unpack(String hex) throws IOException {
        return S2Block.unpack(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static byte[] content() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            content.writeBytes(
                    "key.%d.value-%d;"
                            .formatted(i % 7, i * i % 13)
                            .getBytes(StandardCharsets.UTF_8));
        }
        content.writeBytes(new byte[70_000]);
        for (int i = 0; i < 600; i++) {
            content.write(i * i * 31 + i * 7);
        }
        content.writeBytes("abcdefgh".repeat(300).getBytes(StandardCharsets.UTF_8));
        return content.toByteArray();
    }
}
