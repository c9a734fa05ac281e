package io.tidegate.guard;

import java.time.Duration;

/// How one kind of sender proves that a request is its own. A value, shared by all endpoints that
/// use it; the secrets are given apart (`SignatureCheck`, `SignatureMaker`).
///
/// Most senders are a `SignatureScheme` with other parameters; see `SignaturePresets`.
public sealed interface Scheme permits SignatureScheme, StandardWebhooks, TwilioScheme, Credential {

  Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);
  Duration MOST_TOLERANCE = Duration.ofHours(1);

  /// The same scheme with another distance allowed between the signed time and ours, either way.
  ///
  /// @throws IllegalArgumentException when out of range, or when the scheme signs no time
  Scheme within(Duration tolerance);

  /// `tolerance`, when it is one that may be set.
  static Duration tolerable(Duration tolerance) {
    if (tolerance.isNegative() || tolerance.compareTo(MOST_TOLERANCE) > 0) {
      throw new IllegalArgumentException(
          "tolerance must be 0 to %d seconds, was %d"
              .formatted(MOST_TOLERANCE.toSeconds(), tolerance.toSeconds()));
    }
    return tolerance;
  }
}
