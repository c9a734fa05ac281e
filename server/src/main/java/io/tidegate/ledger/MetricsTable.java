package io.tidegate.ledger;

import io.tidegate.ledger.MetricsQuery.Dimension;
import io.tidegate.ledger.MetricsQuery.Subject;

/// What things are counted from.
enum MetricsTable {
  ROWS,
  MINUTES,
  HOURS;

  /// How a table is counted from.
  ///
  /// @param table what stands behind `FROM`
  /// @param where with two places, for the first time and the one after the last, in `unit`
  /// @param millis an expression for the time in milliseconds
  /// @param unit of the table's times, in milliseconds
  /// @param count an expression for how much a row counts
  /// @param prefix of the columns
  record Shape(String table, String where, String millis, long unit, String count, String prefix) {

    String column(Dimension dimension) {
      return prefix + dimension.column;
    }
  }

  /// @param byDestination destinations matter: of events, what they were to get counts then
  Shape shape(Subject subject, boolean byDestination) {
    return switch (this) {
      case ROWS -> rows(subject, byDestination);
      case MINUTES -> sums(subject, byDestination, "minute", 60_000);
      case HOURS -> sums(subject, byDestination, "hour", 3_600_000);
    };
  }

  private static Shape rows(Subject subject, boolean byDestination) {
    if (subject == Subject.ATTEMPTS) {
      return new Shape(
          "attempts INDEXED BY attempts_by_time", "at >= ? AND at < ?", "at", 1, "1", "");
    }
    var time = "e.time >= ? AND e.time < ? AND e.repeated = 0";
    return byDestination
        ? new Shape(
            "events e INDEXED BY events_by_time"
                + " CROSS JOIN deliveries d INDEXED BY deliveries_by_event ON d.event = e.key",
            time,
            "e.time",
            1,
            "1",
            "d.")
        : new Shape("events e INDEXED BY events_by_time", time, "e.time", 1, "1", "e.");
  }

  private static Shape sums(Subject subject, boolean byDestination, String unit, long millis) {
    var time = unit + " >= ? AND " + unit + " < ?";
    var events = " AND destination " + (byDestination ? "<> 0" : "= 0");
    return new Shape(
        (subject == Subject.ATTEMPTS ? "attempt_" : "event_") + unit + "s",
        subject == Subject.ATTEMPTS ? time : time + events,
        "(" + unit + " * " + millis + ")",
        millis,
        "count",
        "");
  }
}
