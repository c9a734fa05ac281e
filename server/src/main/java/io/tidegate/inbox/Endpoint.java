package io.tidegate.inbox;

import io.tidegate.guard.SigningSecret;
import io.tidegate.plan.WebhookMapping.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// An inbound address and all that is agreed with its sender. A value: a change makes another one
/// with a higher version.
///
/// @param id 32 lowercase hexadecimal digits. Part of a secret URL, so a credential: logs show
///   eight
/// @param version counts changes, from 1
/// @param topic where its events are stored
/// @param secrets newest first; those that are over may still be listed
/// @param handshakes answered instead of being stored
/// @param key template of the record's key; empty for none
/// @param forward names of request headers, in lower case, that are kept with the record
/// @param said what of it `WebhookConfig` does not change
public record Endpoint(
    String id,
    long version,
    String topic,
    String description,
    Verification verification,
    List<SigningSecret> secrets,
    List<HandshakeSpec> handshakes,
    Ack ack,
    Answer answer,
    String key,
    List<String> forward,
    List<String> contentTypes,
    Limits limits,
    Optional<Instant> expires,
    Optional<Revoked> revoked,
    Said said) {
  public Endpoint {
    secrets = List.copyOf(secrets);
    handshakes = List.copyOf(handshakes);
    forward = List.copyOf(forward);
    contentTypes = List.copyOf(contentTypes);
  }

  /// How senders prove themselves: the name of a preset of `SignaturePresets` with its parameters;
  /// `none` when the URL is all there is.
  public record Verification(
      String preset, Map<String, String> parameters, Optional<Duration> tolerance) {
    public static final Verification NONE = new Verification("none", Map.of(), Optional.empty());

    public Verification {
      parameters = Map.copyOf(parameters);
    }
  }

  /// The name of a handshake of `Handshakes` with its parameters.
  public record HandshakeSpec(String name, Map<String, String> parameters) {
    public HandshakeSpec {
      parameters = Map.copyOf(parameters);
    }
  }

  /// When the sender is told that all is well.
  public enum Ack {
    /// When the cluster has it, on as many brokers as it wants.
    DURABLE,
    /// When it is queued in memory, to be stored in a moment. A crash loses it.
    MEMORY
  }

  /// What a sender is told when all is well.
  ///
  /// @param status empty for the one of the acknowledgement
  public record Answer(OptionalInt status, String contentType, String body) {}

  /// @param body bytes
  /// @param perSecond requests, on each instance; empty for no limit
  /// @param burst requests at once
  /// @param window within which the same delivery id is stored once; zero for never mind
  public record Limits(long body, OptionalInt perSecond, int burst, Duration window) {}

  /// Once revoked, for ever revoked.
  public record Revoked(Instant at, String reason) {}
}
