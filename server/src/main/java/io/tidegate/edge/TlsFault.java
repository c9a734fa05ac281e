package io.tidegate.edge;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What went wrong with TLS, in a sentence that says what to do about it.
final class TlsFault {
  private static final String ALERT = "Received fatal alert: ";
  private static final int DEEPEST = 12;

  private TlsFault() {}

  /// Empty when it has nothing to do with TLS.
  static Optional<String> of(Throwable failure, String host) {
    boolean tls = false;
    var cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      var known = known(cause, host);
      if (known.isPresent()) {
        return known;
      }
      tls |= cause instanceof SSLException;
      cause = cause.getCause();
    }
    return tls ? Optional.of("TLS failed: " + failure.getMessage()) : Optional.empty();
  }

  private static Optional<String> known(Throwable cause, String host) {
    return Optional.ofNullable(
        switch (cause) {
          case CertificateExpiredException _ -> "the certificate of " + host + " has expired";
          case CertificateNotYetValidException _ ->
              "the certificate of " + host + " is not valid yet";
          case CertPathBuilderException _ ->
              "the certificate of "
                  + host
                  + " is not signed by an authority that is trusted here (see 'trust' and"
                  + " 'trustcacerts' of the tls client)";
          case CertPathValidatorException invalid when expired(invalid) ->
              "a certificate in the chain of " + host + " has expired";
          case CertificateException wrong when isAboutName(wrong) ->
              "the certificate that was shown is not for " + host;
          case NotSslRecordException _ -> host + " does not speak TLS on that port";
          case SslHandshakeTimeoutException _ -> "the TLS handshake took too long";
          case SSLException alert when alert(alert) ->
              host + " refused the TLS connection: " + words(alert);
          default -> null;
        });
  }

  private static boolean expired(CertPathValidatorException invalid) {
    return invalid.getReason() == CertPathValidatorException.BasicReason.EXPIRED;
  }

  private static boolean isAboutName(CertificateException wrong) {
    var message = String.valueOf(wrong.getMessage());
    return message.startsWith("No subject alternative")
        || message.startsWith("No name matching")
        || message.startsWith("Illegal given domain name");
  }

  private static boolean alert(SSLException failed) {
    return String.valueOf(failed.getMessage()).contains(ALERT);
  }

  private static String words(SSLException alert) {
    var message = String.valueOf(alert.getMessage());
    return message.substring(message.indexOf(ALERT) + ALERT.length()).replace('_', ' ');
  }
}
