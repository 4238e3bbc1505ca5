package dev.twonode.nats;

import dev.twonode.config.TlsSettings;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Dialed.Fault;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Says in an operator's words why no TLS came about. The texts of the runtime name neither the
/// server's setting nor ours.
final class TlsFaults {

    private TlsFaults() {}

    /// What can be told from the greeting alone, before a handshake that would only time out.
    static Optional<DialException> of(Greeting greeting, TlsSettings tls) {
        String url = greeting.server().url();
        boolean byAddress = url.startsWith("tls:");
        if (!greeting.offersTls() && !tls.first() && (byAddress || tls.isDemanded())) {
            String demand =
                    byAddress
                            ? "tls:// demands: write nats://"
                            : "--tlsca or --tlscert demands: leave them out";
            return Optional.of(
                    fault(
                            url
                                    + " offers no TLS, which "
                                    + demand
                                    + ", or give the server a tls block",
                            null));
        }
        if (greeting.wantsCertificate() && tls.cert() == null) {
            return Optional.of(fault(wantsCertificate(url), null));
        }
        return Optional.empty();
    }

    /// A handshake that failed.
    static DialException of(String url, TlsSettings tls, SSLException failure) {
        return fault(why(url, tls, failure), failure);
    }

    private static String why(String url, TlsSettings tls, SSLException failure) {
        if (tls.first() && !(failure instanceof SSLHandshakeException)) {
            return url
                    + " does not begin with TLS: leave out --tlsfirst, which is for servers with"
                    + " handshake_first in their tls block";
        }
        String detail = String.valueOf(failure.getMessage());
        if (has(failure, CertPathBuilderException.class)) {
            return "the certificate of "
                    + url
                    + " is signed by no trusted authority: name its authority with --tlsca"
                    + tls.authorities().map(file -> ", which is " + file + " now").orElse("");
        }
        if (detail.contains("No subject alternative") || detail.contains("No name matching")) {
            return "the certificate of "
                    + url
                    + " does not name "
                    + host(url)
                    + ": use an address that it names, or give the server one that names this";
        }
        if (has(failure, CertificateException.class)) {
            return "the certificate of " + url + " cannot be accepted: " + detail;
        }
        if (detail.contains("certificate_required")) {
            return wantsCertificate(url);
        }
        return "no TLS with " + url + ": " + detail;
    }

    private static String wantsCertificate(String url) {
        return url + " wants a certificate of its clients: give --tlscert and --tlskey";
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        @Nullable Throwable cause = failure;
        while (cause != null && !kind.isInstance(cause)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private static String host(String url) {
        String address = url.substring(url.indexOf("://") + "://".length());
        return address.substring(0, address.lastIndexOf(':'));
    }

    private static DialException fault(String why, @Nullable Exception cause) {
        Dialed.Failed outcome = new Dialed.Unsuitable(Fault.TLS, why);
        return cause == null ? new DialException(outcome) : new DialException(outcome, cause);
    }
}
