package io.tidegate.outbox;

import io.tidegate.base.Secret;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.SealingKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What of a configuration may hold secrets, such as headers for the receiver: sealed in topics,
/// masked where it is shown, and kept when the mask is sent back. What was stored before it was
/// sealed is read as it is, and sealed when it is set again.
record SealedConfig(DestinationType type, DestinationSecrets secrets) {

  /// Of a destination that is made.
  ///
  /// @param config as callers give it; sealed in place
  void seal(ObjectNode config, List<Fault> faults) {
    seal(Map.of(), config, faults);
  }

  /// Of one that is changed. What cannot be opened, and is sent back as it was shown, stays.
  void seal(Destination before, ObjectNode config, List<Fault> faults) {
    Map<String, String> known;
    try {
      known = secrets.open(type, before.config());
    } catch (SealingKey.Unopened _) {
      known = Map.of();
      config.removeIf(value -> Words.text(value).equals(DestinationSecrets.MASK));
    }
    seal(known, config, faults);
  }

  private void seal(Map<String, String> before, ObjectNode config, List<Fault> faults) {
    for (var name : List.copyOf(config.propertyNames())) {
      var given = Words.text(config.get(name));
      if (!type.isSealed(name) || given.isEmpty()) {
        continue;
      }
      var meant = type.unmasked(name, given, before.getOrDefault(name, ""));
      if (meant.length() > Words.LONGEST_WORD) {
        faults.add(
            new Fault(
                "/config/" + name, "must have at most " + Words.LONGEST_WORD + " characters"));
      } else {
        config.put(name, secrets.seal(new Secret(meant)));
      }
    }
  }

  /// In clear; what cannot be opened is left out.
  Map<String, String> opened(Destination destination) {
    try {
      return secrets.open(type, destination.config());
    } catch (SealingKey.Unopened _) {
      var rest = new LinkedHashMap<>(destination.config());
      rest.values().removeIf(SealingKey::isSealed);
      return rest;
    }
  }

  /// What was meant by a configuration of which parts may be what was shown.
  Map<String, String> unmasked(Map<String, String> given, Map<String, String> present) {
    var meant = new LinkedHashMap<>(given);
    meant.replaceAll((key, value) -> type.unmasked(key, value, present.getOrDefault(key, "")));
    return meant;
  }

  Map<String, String> shown(Destination destination) {
    var shown = hidden(destination);
    opened(destination).forEach((name, value) -> shown.put(name, type.masked(name, value)));
    return shown;
  }

  /// What can be shown of it when its type is not known.
  static Map<String, String> hidden(Destination destination) {
    var shown = new LinkedHashMap<>(destination.config());
    shown.replaceAll((_, value) -> SealingKey.isSealed(value) ? DestinationSecrets.MASK : value);
    return shown;
  }
}
