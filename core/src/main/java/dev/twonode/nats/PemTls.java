package dev.twonode.nats;

import dev.twonode.config.TlsSettings;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Dialed.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// TLS from PEM files. The certificate of a server has to name the host that was dialled, which the
/// client library does not check by itself.
final class PemTls {

    private static final char[] NO_PASSWORD = new char[0];

    private PemTls() {}

    /// A context with this side's certificate, if any, that trusts the given authorities. The files
    /// are read anew each time, so a renewed certificate is used at the next connect.
    static SSLContext context(TlsSettings settings) throws DialException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings), new TrustManager[] {trust(settings.ca())}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new DialException(
                    new Dialed.Unsuitable(
                            Fault.OWN_FILES, "the TLS files cannot be used: " + e.getMessage()),
                    e);
        }
    }

    private static KeyManager @Nullable [] keys(TlsSettings settings)
            throws GeneralSecurityException, IOException {
        Path cert = settings.cert();
        Path key = settings.key();
        if (cert == null || key == null) {
            return null;
        }
        KeyStore store = emptyStore();
        Certificate[] chain = certificates(cert).toArray(new Certificate[0]);
        store.setKeyEntry("client", PemKey.read(key), NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager trust(@Nullable Path ca)
            throws GeneralSecurityException, IOException {
        @Nullable KeyStore store = null;
        if (ca != null) {
            store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(ca)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return new HostChecking(x509);
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager in this Java runtime");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new CertificateException("no certificate in " + file);
            }
            return found;
        }
    }

    /// Asks for the check of the host's name before it lets the runtime's manager decide.
    private static final class HostChecking extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager inner;

        HostChecking(X509ExtendedTrustManager inner) {
            this.inner = inner;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            if (socket instanceof SSLSocket secure) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
            }
            inner.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            inner.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            inner.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            inner.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            inner.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            inner.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return inner.getAcceptedIssuers();
        }
    }
}
