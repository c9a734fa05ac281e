package io.tidegate.targets;

import io.tidegate.base.Secret;
import java.util.List;
import java.util.Optional;

/// A cluster, and as whom it is spoken to.
record KafkaSite(List<HostPort> brokers, boolean tls, Optional<Login> login) {
  KafkaSite {
    brokers = List.copyOf(brokers);
  }

  /// @param mechanism `plain`, `scram-sha-256` or `scram-sha-512`
  record Login(String mechanism, String user, Secret password) {}
}
