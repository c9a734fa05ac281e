package io.tidegate.registry;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is kept in a registry: how it is written, how commands change it. Any thread.
public interface Kind<T> {

  /// What a command's `kind` says; commands without one are of the first kind.
  String name();

  /// The compacted topic of its snapshots.
  String topic();

  /// The field of a command that holds the id.
  String idField();

  /// Decides. A function of its arguments alone, with no clock and no chance in it, since it must
  /// come to the same result whenever it is asked again.
  ///
  /// @param version that the thing will have when the command is accepted
  Judgement<T> judge(Optional<T> present, Command command, long version);

  ObjectNode write(T value);

  /// @throws IllegalArgumentException when nothing can be made of it
  T read(String id, long version, ObjectNode written);

  /// What went wrong in reading, without being lost: secrets sealed with another key.
  default Optional<String> trouble() {
    return Optional.empty();
  }
}
