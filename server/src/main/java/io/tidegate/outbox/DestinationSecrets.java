package io.tidegate.outbox;

import io.tidegate.base.Secret;
import io.tidegate.registry.SealingKey;
import java.util.LinkedHashMap;
import java.util.Map;

/// Seals what is secret of destinations, and opens it. Any thread.
final class DestinationSecrets {
  /// What is shown of what is short, or cannot be opened.
  static final String MASK = "****";

  private static final int SHOWN = 4;
  private static final int LONG_ENOUGH = 16;

  private final SealingKey key;

  DestinationSecrets(SealingKey key) {
    this.key = key;
  }

  String seal(Secret secret) {
    return key.seal(secret);
  }

  /// @throws SealingKey.Unopened when one cannot be opened
  Map<String, String> open(Map<String, String> credentials) {
    var opened = new LinkedHashMap<String, String>();
    credentials.forEach((name, value) ->
        opened.put(name, SealingKey.isSealed(value) ? key.open(value).reveal() : value));
    return opened;
  }

  /// A configuration with what is sealed of it in clear. What was stored before it was sealed stays
  /// as it is.
  ///
  /// @throws SealingKey.Unopened when something cannot be opened
  Map<String, String> open(DestinationType type, Map<String, String> config) {
    if (config.values().stream().noneMatch(SealingKey::isSealed)) {
      return config;
    }
    var opened = new LinkedHashMap<String, String>();
    config.forEach((name, value) ->
        opened.put(
            name,
            type.isSealed(name) && SealingKey.isSealed(value) ? key.open(value).reveal() : value));
    return opened;
  }

  /// What is shown of a secret to whoever has it already: the beginning of a long one.
  static String mask(String secret) {
    return secret.length() >= LONG_ENOUGH ? secret.substring(0, SHOWN) + MASK : MASK;
  }
}
