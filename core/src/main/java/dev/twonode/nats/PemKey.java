package dev.twonode.nats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Private keys as OpenSSL writes them: PKCS #8, and the older forms of RSA and EC keys, which Java
/// reads only once they are wrapped into PKCS #8.
final class PemKey {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----(.+?)-----END \\1-----",
                    Pattern.DOTALL);
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;

    private PemKey() {}

    static PrivateKey read(Path file) throws GeneralSecurityException, IOException {
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!block.find()) {
            throw new InvalidKeySpecException("no private key in PEM form in " + file);
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        return switch (block.group(1)) {
            case "RSA PRIVATE KEY" -> decode(wrap(RSA, der), file);
            case "EC PRIVATE KEY" -> decode(wrap(tagged(SEQUENCE, EC_OID, curve(der)), der), file);
            case "PRIVATE KEY" -> decode(der, file);
            default ->
                    throw new InvalidKeySpecException(
                            "the key in "
                                    + file
                                    + " is encrypted; decrypt it with 'openssl pkcs8 -topk8"
                                    + " -nocrypt'");
        };
    }

    private static PrivateKey decode(byte[] pkcs8, Path file) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        @Nullable InvalidKeySpecException last = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519", "Ed448")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e; // a key of another kind
            }
        }
        throw new InvalidKeySpecException("the key in " + file + " is of no known kind", last);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, VERSION, algorithm, tagged(OCTETS, key));
    }

    /// The curve's identifier, which an EC key in the older form carries behind its number.
    private static byte[] curve(byte[] der) throws InvalidKeySpecException {
        try {
            int at = body(der, 0); // into the sequence
            at = end(der, at); // past the version
            at = end(der, at); // past the number
            if ((der[at] & 0xff) == CURVE) {
                return Arrays.copyOfRange(der, body(der, at), end(der, at));
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new InvalidKeySpecException("the EC key is cut short", e);
        }
        throw new InvalidKeySpecException("the EC key does not name its curve");
    }

    private static int body(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int body = body(der, at);
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < body; i++) {
                length = (length << 8) | (der[i] & 0xff);
            }
        }
        return body + length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length < 0x80) {
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
