package io.tidegate.outbox;

import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.List;

/// A topic whose records are events, and how they are read.
interface Feed {

  String topic();

  /// The consumer group that shares its partitions.
  String group();

  Read read(Stored record);

  /// What of the event goes with its deliveries, besides the data.
  List<Header> headers(Stored record, Event event);

  /// How the places of its records are told apart from those of other feeds in deliveries.
  Delivery.Source source(Stored record);

  /// How far destinations must be known before the record is matched; empty for any.
  default String known(Stored record) {
    return "";
  }

  /// Called before records of a partition are read from `offset` on. May wait.
  ///
  /// @throws io.tidegate.log.RecordLog.LogUnavailable when they cannot be read now
  default void prepare(int partition, long offset) {}

  /// Whether an earlier record was the same event. May wait.
  ///
  /// @throws io.tidegate.log.RecordLog.LogUnavailable when that is not known now
  default boolean isRepeated(Stored record, Event event) {
    return false;
  }

  /// What a record is.
  sealed interface Read {
    record Fit(Event event) implements Read {}

    /// It cannot be an event. It holds up nothing.
    ///
    /// @param reason for metrics: one of a few
    record Unfit(String reason) implements Read {}
  }
}
