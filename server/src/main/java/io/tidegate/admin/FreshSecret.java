package io.tidegate.admin;

import io.tidegate.base.Secret;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.http.Problem;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// A new secret in a form that a preset takes; public keys and the like only the sender can give.
final class FreshSecret {
  private static final SecureRandom RANDOM = new SecureRandom();

  private FreshSecret() {}

  static Secret of(String preset) {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    var scheme = SignaturePresets.named(preset);
    var forms =
        List.of(
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            "whsec_" + Base64.getEncoder().encodeToString(bytes));
    for (var form : forms) {
      if (scheme.isEmpty() || SignatureCheck.fault(scheme.get(), form).isEmpty()) {
        return new Secret(form);
      }
    }
    throw Problem.of(422, "invalid", "secret: for '" + preset + "' only the sender has one")
        .refuse();
  }
}
