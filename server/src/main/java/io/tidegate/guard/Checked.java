package io.tidegate.guard;

import io.tidegate.http.Problem;
import java.util.Optional;

/// What came of holding a request against the secrets of an endpoint.
public sealed interface Checked {

  /// The request is its sender's own.
  ///
  /// @param secret id of the secret that matched: when the newest one does, a rotation is over
  /// @param deliveryId the sender's own name for this delivery, the same on every retry
  record Verified(String secret, Optional<String> deliveryId) implements Checked {}

  /// The request proves nothing.
  ///
  /// @param detail for the operator alone; holds no key, no signature and no text of the caller
  record Denied(Reason reason, String detail) implements Checked {
    private static final Problem ANSWER =
        Problem.of(401, "invalid_signature", "the request could not be verified");

    /// What the caller may know: the same for every reason.
    public Problem problem() {
      return ANSWER;
    }
  }

  /// Why a request was denied.
  enum Reason {
    /// No live secret, or one that cannot be used: everything is refused.
    MISCONFIGURED,
    /// A header or field that the scheme needs is not there, or is there more than once.
    MISSING,
    /// It is there but cannot be read.
    MALFORMED,
    TOO_OLD,
    TOO_NEW,
    /// Readable and in time, but made with another secret or over other content.
    MISMATCH
  }
}
