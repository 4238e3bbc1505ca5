package dev.twonode.nats;

import dev.twonode.config.GatewayConfig.Certificate;
import dev.twonode.config.TlsSettings;
import dev.twonode.gateway.Encryption;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// TLS towards the gateway's clients.
public final class GatewayTls implements Encryption {

    private final TlsSettings files;

    /// @throws IOException if the files hold no usable certificate and key
    public GatewayTls(Certificate certificate) throws IOException {
        this.files = new TlsSettings(certificate.chain(), certificate.key(), null, false);
        context();
    }

    private SSLContext context() throws IOException {
        try {
            return PemTls.context(files);
        } catch (DialException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Socket encrypt(Socket plain) throws IOException {
        SSLSocket secret =
                (SSLSocket)
                        context()
                                .getSocketFactory()
                                .createSocket(plain, InputStream.nullInputStream(), true);
        secret.startHandshake();
        return secret;
    }
}
