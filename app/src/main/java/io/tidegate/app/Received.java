package io.tidegate.app;

import io.tidegate.http.Request;
import java.time.Instant;
import java.util.Optional;

/// A delivery that a receiver got.
///
/// @param id by which its attempts belong together, if it has one
/// @param times it was seen, this one included
/// @param signature what became of it; empty when nobody looked
/// @param answer the status, or 0 when the connection was closed
record Received(
    Instant at,
    Request request,
    Optional<String> id,
    int times,
    Optional<Signature> signature,
    int answer) {

  /// @param detail the secret's number, or what is wrong
  record Signature(boolean verified, String detail) {}
}
