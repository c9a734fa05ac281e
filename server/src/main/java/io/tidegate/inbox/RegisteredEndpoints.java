package io.tidegate.inbox;

import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.Optional;

/// The endpoints of a registry, for the data plane: one look into a concurrent map for each
/// request. Any thread, never blocks.
///
/// @param settings what is set for all of them; empty where there is no topic for it
/// @param patience how old what is known may be before it is not believed any more; empty: any age
public record RegisteredEndpoints(
    Registries registries,
    Registry<RegisteredEndpoint> registry,
    Optional<Registry<WebhookConfig>> settings,
    Optional<Duration> patience)
    implements Endpoints {
  /// Younger than this is as good as new.
  private static final Duration FRESH = Duration.ofSeconds(1);

  @Override
  public Optional<Endpoint> find(String id) {
    return registry.find(id).map(Snapshot::value).map(RegisteredEndpoint::endpoint);
  }

  @Override
  public Standing standing() {
    if (!registry.isReplayed() || !settings.map(Registry::isReplayed).orElse(true)) {
      return Standing.STARTING;
    }
    var staleness = registries.staleness();
    if (patience.isPresent() && staleness.compareTo(patience.get()) > 0) {
      return Standing.UNAVAILABLE;
    }
    return staleness.compareTo(FRESH) > 0 ? Standing.DEGRADED : Standing.HEALTHY;
  }

  @Override
  public WebhookConfig config() {
    return settings
        .flatMap(each -> each.find(ConfigKind.ID))
        .map(Snapshot::value)
        .orElse(WebhookConfig.NONE);
  }

  @Override
  public int active() {
    return (int) registry.all().stream().filter(each -> !each.value().isRevoked()).count();
  }
}
