package io.tidegate.outbox;

import io.tidegate.base.Secret;
import io.tidegate.registry.Judgement.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One type of destination: what it must be told, and whether it was told well. Any thread; no
/// method waits. Judging is a function of its arguments alone, since commands are judged with it.
public interface DestinationType {

  TypeSchema schema();

  default String name() {
    return schema().type();
  }

  /// True for credentials that are sealed in topics and shown once.
  default boolean isSecret(String credential) {
    return schema().credentials().stream()
        .anyMatch(field -> field.key().equals(credential) && field.sensitive());
  }

  /// True for credentials that there are.
  default boolean isCredential(String name) {
    return isSecret(name)
        || isOperators(name)
        || schema().credentials().stream().anyMatch(field -> field.key().equals(name));
  }

  /// True for credentials that only operators may set.
  default boolean isOperators(String credential) {
    return false;
  }

  /// True for values of the configuration that are sealed in topics, since secrets may be in them.
  default boolean isSealed(String config) {
    return false;
  }

  /// What is shown of such a value.
  default String masked(String config, String value) {
    return value;
  }

  /// What is meant by a value when what was shown of the present one is in it.
  default String unmasked(String config, String given, String present) {
    return given;
  }

  /// Texts of the configuration that must not be seen in what is kept of attempts. Secret
  /// credentials need not be among them.
  ///
  /// @param config opened
  default List<String> hidden(Map<String, String> config) {
    return List.of();
  }

  /// Everything that is wrong, without repeating any value.
  ///
  /// @param config opened, like the credentials
  default List<Fault> faults(Map<String, String> config, Map<String, String> credentials) {
    return schema().faults(config, credentials);
  }

  /// Credentials to be made for a destination that comes without them.
  default Map<String, Secret> fresh() {
    return Map.of();
  }

  /// The credential that is replaced by a fresh one on request, with the one before it valid for a
  /// while under `previous_…`, until `previous_…_invalid_at`.
  default Optional<String> rotating() {
    return Optional.empty();
  }

  /// @param config as it lies in topics: what is sealed is none of a target
  Target target(Map<String, String> config);

  /// Where events go, for people.
  ///
  /// @param url of a page about it; may be empty
  record Target(String label, String url) {}
}
