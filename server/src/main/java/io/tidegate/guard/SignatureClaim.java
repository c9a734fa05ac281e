package io.tidegate.guard;

import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.Checked.Reason;

/// What a request says about itself before anything is believed.
sealed interface SignatureClaim {

  /// Readable and in time: a key decides.
  record Made(Proof proof, DeliveryId deliveryId) implements SignatureClaim {}

  record Flawed(Denied why) implements SignatureClaim {}

  /// True when the request was signed with this key.
  interface Proof {
    boolean by(SignatureKey key);
  }

  static SignatureClaim missing(String header) {
    return new Flawed(
        new Denied(Reason.MISSING, "header " + header + " must be there exactly once"));
  }

  static SignatureClaim malformed(String detail) {
    return new Flawed(new Denied(Reason.MALFORMED, detail));
  }
}
