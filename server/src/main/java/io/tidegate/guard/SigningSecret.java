package io.tidegate.guard;

import io.tidegate.base.Secret;
import java.time.Instant;

/// A secret shared with a sender, under a name that may be shown, until a time that rotation sets.
///
/// @param id names the secret in logs and replies
/// @param notAfter the last moment at which it counts; `Instant.MAX` for as long as it is there
public record SigningSecret(String id, Secret secret, Instant notAfter) {

  public static SigningSecret lasting(String id, Secret secret) {
    return new SigningSecret(id, secret, Instant.MAX);
  }

  boolean liveAt(Instant now) {
    return !now.isAfter(notAfter);
  }
}
