package io.tidegate.http;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a guard established about a caller.
///
/// @param expires when it ends; empty means it does not
public record Session(
    String guard,
    Optional<String> identity,
    Set<String> roles,
    Map<String, String> attributes,
    Optional<Instant> expires) {
  public Session {
    roles = Set.copyOf(roles);
    attributes = Map.copyOf(attributes);
  }
}
