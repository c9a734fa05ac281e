package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A `webhook-kafka` binding: what senders post becomes records.
///
/// @param name `namespace:binding`
/// @param topics those that `/topics/{name}` may write to
/// @param token what callers of `/topics/{name}` must show
/// @param publicUrl scheme and authority as senders know them, without a final slash
/// @param named how requests to `/topics/{name}` are treated
/// @param endpoints those of the file
public record WebhookMapping(
    String name,
    String cluster,
    List<Pattern> topics,
    Optional<Secret> token,
    Optional<String> publicUrl,
    Terms named,
    List<StaticEndpoint> endpoints,
    Registry registry,
    Memory memory) {
  public WebhookMapping {
    topics = List.copyOf(topics);
    endpoints = List.copyOf(endpoints);
  }

  /// An endpoint of the file, with everything filled in.
  public record StaticEndpoint(
      String name,
      String id,
      String topic,
      String description,
      String preset,
      Map<String, String> parameters,
      Optional<Duration> tolerance,
      List<NamedSecret> secrets,
      Map<String, Map<String, String>> handshakes,
      Terms terms,
      Optional<Instant> expires) {
    public StaticEndpoint {
      parameters = Map.copyOf(parameters);
      secrets = List.copyOf(secrets);
      handshakes = Map.copyOf(handshakes);
    }
  }

  /// @param notAfter `Instant.MAX` for as long as it is in the file
  public record NamedSecret(String id, Secret secret, Instant notAfter) {}

  /// @param inMemory acknowledged before it is stored
  /// @param status empty: that of the acknowledgement
  /// @param forward names of request headers; `x-*` is a prefix
  /// @param contentTypes none: all
  /// @param bodyLimit bytes
  /// @param said what of it is not a default
  public record Terms(
      boolean inMemory,
      OptionalInt status,
      String contentType,
      String body,
      String key,
      List<String> forward,
      List<String> contentTypes,
      long bodyLimit,
      OptionalInt perSecond,
      int burst,
      Duration window,
      Said said) {
    public Terms {
      forward = List.copyOf(forward);
      contentTypes = List.copyOf(contentTypes);
    }
  }

  /// Which of the things that can be set for all at run time an endpoint says itself, so that they
  /// stay as they are.
  public record Said(boolean bodyLimit, boolean rate, boolean forward) {
    public static final Said NOTHING = new Said(false, false, false);
  }

  /// @param staleness empty: what is known never gets too old
  public record Registry(
      boolean enabled, boolean rejectWhenDegraded, Optional<Duration> staleness) {}

  /// How much may be acknowledged and not be stored yet.
  public record Memory(int messages, long bytes) {}

  /// Judges what only the rooms behind the plan know: presets, handshakes, templates.
  @FunctionalInterface
  public interface Check {
    Check NOTHING = _ -> List.of();

    /// What is wrong, a sentence each.
    List<String> faults(StaticEndpoint endpoint);
  }
}
