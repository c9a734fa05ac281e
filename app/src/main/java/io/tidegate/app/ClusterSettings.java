package io.tidegate.app;

import io.tidegate.log.KafkaSettings;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.VaultStore;
import java.util.List;
import java.util.Optional;

/// A planned cluster in the words of the log.
final class ClusterSettings {
  private ClusterSettings() {}

  /// @param embedded where the node inside is reached
  static KafkaSettings of(Cluster cluster, Optional<String> embedded) {
    return switch (cluster.servers()) {
      case Cluster.Servers.Embedded _ ->
          KafkaSettings.plain(cluster.name(), embedded.orElseThrow());
      case Cluster.Servers.External external ->
          new KafkaSettings(
              cluster.name(),
              external.bootstrap(),
              external.tls().map(ClusterSettings::tls),
              external.sasl().map(ClusterSettings::sasl),
              KafkaSettings.Limits.USUAL);
    };
  }

  private static KafkaSettings.Tls tls(Cluster.Tls tls) {
    return new KafkaSettings.Tls(
        tls.trust().map(ClusterSettings::store),
        tls.platformTrust(),
        tls.keys().map(ClusterSettings::store));
  }

  private static KafkaSettings.Store store(VaultStore store) {
    return new KafkaSettings.Store(
        store.file(), store.type(), store.password(), List.copyOf(store.aliases()));
  }

  private static KafkaSettings.Sasl sasl(Cluster.Sasl sasl) {
    return switch (sasl) {
      case Cluster.Sasl.Plain(var user, var password) ->
          new KafkaSettings.Sasl.Plain(user, password);
      case Cluster.Sasl.Scram(var hash, var user, var password) ->
          new KafkaSettings.Sasl.Scram(hash, user, password);
      case Cluster.Sasl.OauthBearer(var token) -> new KafkaSettings.Sasl.OauthBearer(token);
    };
  }
}
