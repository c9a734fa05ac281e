package io.tidegate.ledger;

import io.tidegate.log.RecordLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Takes out what the topics have no longer, since then there is nothing to show of it, and old
/// sums. In small steps between others' work. For the writer's thread.
final class Retention {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int CHUNK = 2_000;
  private static final int NUMBER_BITS = 12;
  private static final Duration MINUTES_KEPT = Duration.ofDays(8);
  private static final Duration HOURS_KEPT = Duration.ofDays(35);

  private final Deque<Writer.Change> steps = new ArrayDeque<>();

  /// Sees what is to be taken out.
  ///
  /// @throws RecordLog.LogUnavailable when that cannot be known now
  void look(RecordLog log, Instant now) {
    steps.clear();
    plan(log, Feed.EVENTS, List.of("events"), 0);
    plan(log, Feed.DELIVERIES, List.of("deliveries", "ends"), 0);
    plan(log, Feed.DELIVERIES, List.of("attempts"), NUMBER_BITS);
    planCopies(log);
    for (var table : List.of("attempt_", "event_")) {
      var minutes = now.minus(MINUTES_KEPT).getEpochSecond() / 60;
      var hours = now.minus(HOURS_KEPT).getEpochSecond() / 3600;
      steps.add(connection -> oldest(connection, table + "minutes", "minute", minutes));
      steps.add(connection -> oldest(connection, table + "hours", "hour", hours));
    }
  }

  private void plan(RecordLog log, Feed feed, List<String> tables, int shift) {
    log.describe(feed.topic, LIMIT)
        .ifPresent(topic ->
            topic
                .firstOffsets()
                .forEach((partition, first) -> {
                  long from = Keys.place(partition, 0) << shift;
                  long to = Keys.place(partition, first) << shift;
                  for (var table : tables) {
                    steps.add(connection -> chunk(connection, table, "key", from, to));
                  }
                }));
  }

  private void planCopies(RecordLog log) {
    log.describe(Feed.DELIVERIES.topic, LIMIT)
        .ifPresent(topic ->
            topic
                .firstOffsets()
                .forEach((partition, first) -> {
                  long from = Keys.place(partition, 0);
                  long to = Keys.place(partition, first);
                  steps.add(connection -> chunk(connection, "events", "copy", from, to));
                }));
  }

  private static int chunk(Connection connection, String table, String column, long from, long to)
      throws SQLException {
    var sql =
        ("DELETE FROM %1$s WHERE key IN"
                + " (SELECT key FROM %1$s WHERE %3$s >= 0 AND %3$s >= ? AND %3$s < ? LIMIT %2$d)")
            .formatted(table, CHUNK, column);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, from);
      statement.setLong(2, to);
      return statement.executeUpdate();
    }
  }

  private static int oldest(Connection connection, String table, String column, long before)
      throws SQLException {
    var sql =
        "DELETE FROM %1$s WHERE %2$s < ? AND %2$s = (SELECT min(%2$s) FROM %1$s)"
            .formatted(table, column);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, before);
      return statement.executeUpdate();
    }
  }

  /// True while there may be more to do.
  boolean step(Writer writer) throws SQLException {
    var next = steps.peek();
    if (next == null) {
      return false;
    }
    if (writer.change(next) == 0) {
      steps.remove();
    }
    return true;
  }
}
