package io.tidegate.log;

import io.tidegate.base.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where a Kafka cluster is, how to be let in, and how much may be on its way to it.
///
/// @param name what metrics and messages call it
/// @param bootstrap `host:port`, at least one
public record KafkaSettings(
    String name, List<String> bootstrap, Optional<Tls> tls, Optional<Sasl> sasl, Limits limits) {
  public KafkaSettings {
    bootstrap = List.copyOf(bootstrap);
    if (bootstrap.isEmpty()) {
      throw new IllegalArgumentException("the cluster " + name + " has no bootstrap servers");
    }
  }

  /// Clear text, nobody asks who we are, the usual limits: the embedded node.
  public static KafkaSettings plain(String name, String... bootstrap) {
    return new KafkaSettings(
        name, List.of(bootstrap), Optional.empty(), Optional.empty(), Limits.USUAL);
  }

  public KafkaSettings withLimits(Limits limits) {
    return new KafkaSettings(name, bootstrap, tls, sasl, limits);
  }

  /// How TLS to the brokers is set up. No trust store means the platform's authorities.
  ///
  /// @param platformTrust the platform's authorities are trusted besides `trust`
  public record Tls(Optional<Store> trust, boolean platformTrust, Optional<Store> keys) {}

  /// A file of keys or certificates.
  ///
  /// @param type `pkcs12`, `jks` or `pem`
  /// @param password of the file and its keys; empty when it has none
  /// @param aliases the entries that count; empty means all, and a `pem` file has no names for them
  public record Store(Path file, String type, Secret password, List<String> aliases) {
    public Store {
      aliases = List.copyOf(aliases);
    }

    boolean isChosenFrom() {
      return !aliases.isEmpty() && !type.equalsIgnoreCase("pem");
    }
  }

  /// How we prove ourselves to the brokers.
  public sealed interface Sasl {
    record Plain(String user, Secret password) implements Sasl {}

    /// @param hash `256` or `512`
    record Scram(int hash, String user, Secret password) implements Sasl {
      public Scram {
        if (hash != 256 && hash != 512) {
          throw new IllegalArgumentException("SCRAM-SHA is 256 or 512, was " + hash);
        }
      }
    }

    /// @param token is presented as it is; when it expires, new settings are needed
    record OauthBearer(Secret token) implements Sasl {}
  }

  /// What may wait for acknowledgement at once, and for how long. More is refused as overloaded.
  ///
  /// @param messages a power of two, since a ring of that size is made of it
  /// @param append within this time every append is answered, at most
  public record Limits(int messages, long bytes, Duration append) {
    public static final Limits USUAL = new Limits(8192, 24L << 20, Duration.ofMillis(4500));

    public Limits {
      if (Integer.bitCount(messages) != 1) {
        throw new IllegalArgumentException("messages must be a power of two, was " + messages);
      }
      if (append.toMillis() < 1000) {
        throw new IllegalArgumentException("append must be at least a second, was " + append);
      }
    }
  }
}
