package io.tidegate.guard;

import java.security.cert.X509Certificate;
import java.util.List;

/// Judges callers by the certificates that they showed when the connection was made.
///
/// Runs on the event loop, once for each connection.
public interface CertificateGuard extends Guard {

  /// @param chain verified already, the caller's own certificate first; not empty
  Verdict judge(List<X509Certificate> chain);
}
