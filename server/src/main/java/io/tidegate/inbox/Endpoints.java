package io.tidegate.inbox;

import java.util.Optional;

/// The endpoints as this instance knows them now. Any thread, never blocks; the cost of a look-up
/// does not depend on how many there are.
public interface Endpoints {

  /// None at all.
  Endpoints NONE = _ -> Optional.empty();

  /// The endpoint of that id, revoked and expired ones included.
  Optional<Endpoint> find(String id);

  /// How far what is known can be believed.
  default Standing standing() {
    return Standing.HEALTHY;
  }

  /// What is set for all of them at run time; the same object until it changes.
  default WebhookConfig config() {
    return WebhookConfig.NONE;
  }

  /// How many there are that can be posted to; for metrics alone.
  default int active() {
    return 0;
  }

  /// What is known about endpoints can be old: a revocation may be on its way.
  enum Standing {
    /// Not everything has been read yet.
    STARTING,
    HEALTHY,
    /// It may be old by now. Served all the same, unless the configuration says otherwise.
    DEGRADED,
    /// Too old to be believed.
    UNAVAILABLE
  }
}
