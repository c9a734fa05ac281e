package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Counts by minute and by hour, added up in memory for each transaction. For the writer alone.
final class Sums implements AutoCloseable {
  private static final long MINUTE = 60_000;
  private static final long MINUTES = 60;

  private final PreparedStatement attemptMinutes;
  private final PreparedStatement attemptHours;
  private final PreparedStatement eventMinutes;
  private final PreparedStatement eventHours;
  private final Map<OfAttempts, Long> attempts = new HashMap<>();
  private final Map<OfEvents, Long> events = new HashMap<>();

  /// @param time in minutes or hours
  record OfAttempts(
      long time,
      long tenant,
      long destination,
      long type,
      long topic,
      long code,
      boolean delivered,
      boolean manual,
      int number) {
    OfAttempts byHour() {
      return new OfAttempts(
          Math.floorDiv(time, MINUTES),
          tenant,
          destination,
          type,
          topic,
          code,
          delivered,
          manual,
          number);
    }
  }

  /// @param destination 0 counts events, others count what they were to get
  record OfEvents(long time, long tenant, long topic, long destination) {
    OfEvents byHour() {
      return new OfEvents(Math.floorDiv(time, MINUTES), tenant, topic, destination);
    }
  }

  Sums(Connection connection) throws SQLException {
    attemptMinutes = adding(connection, "attempt_minutes", 10);
    attemptHours = adding(connection, "attempt_hours", 10);
    eventMinutes = adding(connection, "event_minutes", 5);
    eventHours = adding(connection, "event_hours", 5);
  }

  private static PreparedStatement adding(Connection connection, String table, int columns)
      throws SQLException {
    return connection.prepareStatement(
        "INSERT INTO "
            + table
            + " VALUES (?"
            + ", ?".repeat(columns - 1)
            + ") ON CONFLICT DO UPDATE SET count = count + excluded.count");
  }

  static long minute(long millis) {
    return Math.floorDiv(millis, MINUTE);
  }

  void add(OfAttempts key) {
    attempts.merge(key, 1L, Long::sum);
  }

  void add(OfEvents key) {
    events.merge(key, 1L, Long::sum);
  }

  void write() throws SQLException {
    var attemptsByHour = new HashMap<OfAttempts, Long>();
    attempts.forEach((key, count) -> attemptsByHour.merge(key.byHour(), count, Long::sum));
    var eventsByHour = new HashMap<OfEvents, Long>();
    events.forEach((key, count) -> eventsByHour.merge(key.byHour(), count, Long::sum));
    writeAttempts(attemptMinutes, attempts);
    writeAttempts(attemptHours, attemptsByHour);
    writeEvents(eventMinutes, events);
    writeEvents(eventHours, eventsByHour);
    clear();
  }

  private static void writeAttempts(PreparedStatement statement, Map<OfAttempts, Long> sums)
      throws SQLException {
    for (var each : sums.entrySet()) {
      var key = each.getKey();
      statement.setLong(1, key.time());
      statement.setLong(2, key.tenant());
      statement.setLong(3, key.destination());
      statement.setLong(4, key.type());
      statement.setLong(5, key.topic());
      statement.setLong(6, key.code());
      statement.setInt(7, key.delivered() ? 1 : 0);
      statement.setInt(8, key.manual() ? 1 : 0);
      statement.setInt(9, key.number());
      statement.setLong(10, each.getValue());
      statement.executeUpdate();
    }
  }

  private static void writeEvents(PreparedStatement statement, Map<OfEvents, Long> sums)
      throws SQLException {
    for (var each : sums.entrySet()) {
      var key = each.getKey();
      statement.setLong(1, key.time());
      statement.setLong(2, key.tenant());
      statement.setLong(3, key.topic());
      statement.setLong(4, key.destination());
      statement.setLong(5, each.getValue());
      statement.executeUpdate();
    }
  }

  void clear() {
    attempts.clear();
    events.clear();
  }

  @Override
  public void close() throws SQLException {
    attemptMinutes.close();
    attemptHours.close();
    eventMinutes.close();
    eventHours.close();
  }
}
