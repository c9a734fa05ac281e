package io.tidegate.plan;

import java.util.List;

/// A topic whose records are delivered as events.
///
/// @param metadata headers of the record that become metadata of the event
public record EventSource(
    String topic, From tenant, From eventTopic, From id, List<String> metadata) {
  public EventSource {
    metadata = List.copyOf(metadata);
  }

  /// Where something is found.
  public sealed interface From {
    record Header(String name) implements From {}

    /// The same for all of them.
    record Value(String text) implements From {}

    /// The record's key.
    record Key() implements From {}

    /// The name of the topic.
    record Topic() implements From {}

    /// Topic, partition and offset.
    record Position() implements From {}

    default String spoken() {
      return switch (this) {
        case Header(var name) -> "header " + name;
        case Value(var text) -> "'" + text + "'";
        case Key() -> "the key";
        case Topic() -> "the topic's name";
        case Position() -> "the position";
      };
    }
  }
}
