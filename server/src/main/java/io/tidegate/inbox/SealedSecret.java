package io.tidegate.inbox;

import io.tidegate.guard.SigningSecret;
import io.tidegate.registry.SealingKey;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A secret of an endpoint as it lies in a topic.
///
/// @param notAfter `Instant.MAX` for as long as the endpoint lives
record SealedSecret(String id, String sealed, Instant notAfter) {
  /// The parameter of a handshake that is a secret itself, and so is sealed too.
  static final String VERIFY_TOKEN = "verify_token";

  static SealedSecret read(Fields fields) {
    return new SealedSecret(
        fields.text("id", "", 64),
        fields.text("sealed", "", 8192),
        fields.time("not_after").orElse(Instant.MAX));
  }

  void write(ObjectNode out) {
    out.put("id", id).put("sealed", sealed);
    if (!notAfter.equals(Instant.MAX)) {
      out.put("not_after", notAfter.toString());
    }
  }

  SealedSecret until(Instant end) {
    return end.isBefore(notAfter) ? new SealedSecret(id, sealed, end) : this;
  }

  /// @throws SealingKey.Unopened when the keys at hand do not
  SigningSecret open(SealingKey key) {
    return new SigningSecret(id, key.open(sealed), notAfter);
  }
}
