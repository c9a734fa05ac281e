package io.tidegate.registry;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is kept in a registry: how it is written, how commands change it. Any thread.
public interface Kind<T> {

  /// What a command's `kind` says; commands without one are of the kind that knows their action,
  /// else of the first.
  String name();

  /// The compacted topic of its snapshots.
  String topic();

  /// The field of a command that holds the id.
  String idField();

  /// What a command is about; empty when it does not say. A kind of which there is but one thing
  /// knows without being told.
  default String id(ObjectNode command) {
    return Json.text(command, idField());
  }

  /// True for actions that are no other kind's, so that commands need not name the kind.
  default boolean knows(String action) {
    return false;
  }

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
