package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.util.List;
import java.util.Optional;

/// A folded `cache_client → cache_server → client` chain: one Kafka cluster.
///
/// @param name `embedded`, or `namespace:binding` of the `kafka` client
public record Cluster(String name, Servers servers) {
  /// The name of the node that runs inside Tidegate.
  public static final String EMBEDDED = "embedded";

  /// Where its brokers are.
  public sealed interface Servers {
    record Embedded() implements Servers {}

    /// @param bootstrap `host:port`, at least one
    record External(List<String> bootstrap, Optional<Tls> tls, Optional<Sasl> sasl)
        implements Servers {
      public External {
        bootstrap = List.copyOf(bootstrap);
      }
    }
  }

  /// How TLS to the brokers is set up.
  ///
  /// @param platformTrust the platform's authorities are trusted, besides `trust`
  public record Tls(Optional<VaultStore> trust, boolean platformTrust, Optional<VaultStore> keys) {}

  /// How Tidegate proves itself to the brokers.
  public sealed interface Sasl {
    record Plain(String user, Secret password) implements Sasl {}

    /// @param hash `256` or `512`
    record Scram(int hash, String user, Secret password) implements Sasl {}

    record OauthBearer(Secret token) implements Sasl {}
  }
}
