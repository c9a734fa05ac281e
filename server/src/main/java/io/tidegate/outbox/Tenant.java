package io.tidegate.outbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Somebody whose events are kept apart from those of others.
///
/// @param metadata whatever the operator keeps with it
/// @param life counts how often the id began anew; what belonged to an earlier life is gone for
///   good
/// @param born when this life began
public record Tenant(
    Optional<Map<String, String>> metadata, int life, Instant born, Optional<Instant> deleted) {
  public Tenant {
    metadata = metadata.map(Map::copyOf);
  }

  public boolean isDeleted() {
    return deleted.isPresent();
  }
}
