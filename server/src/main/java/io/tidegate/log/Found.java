package io.tidegate.log;

import java.util.List;
import org.apache.kafka.common.Uuid;

/// What the cluster answered when asked for a topic.
sealed interface Found {

  /// It is there.
  ///
  /// @param id changes when a topic is deleted and created again
  /// @param partitions their numbers
  /// @param leaderless those that nobody serves at the moment
  record Topic(Uuid id, List<Integer> partitions, List<Integer> leaderless) implements Found {}

  /// There is none of that name.
  record Missing() implements Found {}

  /// It may not be asked for, or the name is none.
  record Refused(Appended.Refused answer) implements Found {}

  /// No answer in time.
  record Away(String cause) implements Found {}
}
