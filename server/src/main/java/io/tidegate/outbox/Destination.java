package io.tidegate.outbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Where a tenant wants its events. Its secrets are sealed; they are opened when they are used.
///
/// @param life of the tenant that it belongs to
/// @param filter JSON, as it was given
/// @param credentials those that are secret, sealed
/// @param deliveryMetadata added to the metadata of each event
/// @param metadata whatever its owner keeps with it
/// @param owedFrom the version from which on it is owed what matched it; what matched an earlier
///   one was let go when it was enabled again
public record Destination(
    String tenant,
    String id,
    int life,
    String type,
    Subscription topics,
    Optional<String> filter,
    Map<String, String> config,
    Map<String, String> credentials,
    Optional<Map<String, String>> deliveryMetadata,
    Optional<Map<String, String>> metadata,
    Optional<Disabled> disabled,
    long owedFrom,
    Optional<Instant> deleted) {
  public Destination {
    config = Map.copyOf(config);
    credentials = Map.copyOf(credentials);
    deliveryMetadata = deliveryMetadata.map(Map::copyOf);
    metadata = metadata.map(Map::copyOf);
  }

  /// Gets nothing for the time being.
  ///
  /// @param reason a sentence for people; may be empty
  public record Disabled(Instant at, String reason) {}

  public String key() {
    return Ids.key(tenant, id);
  }

  public boolean isEnabled() {
    return disabled.isEmpty();
  }

  public boolean isDeleted() {
    return deleted.isPresent();
  }
}
