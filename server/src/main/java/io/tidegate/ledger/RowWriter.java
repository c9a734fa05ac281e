package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Writes rows and what they add up to. What is there already is left as it is and not counted
/// again. For the writer alone.
final class RowWriter implements AutoCloseable {
  /// As far back as a repetition of an event is one: see `RecentIds` of the outbox.
  private static final long REPEATED_WITHIN = 1 << 16;

  private static final long REPEATED_WITHIN_MILLIS = 3_600_000;

  private final Names names;
  private final Sums sums;
  private final PreparedStatement event;
  private final PreparedStatement earlier;
  private final PreparedStatement delivery;
  private final PreparedStatement attempt;
  private final PreparedStatement end;

  /// What is added up once it is known to be new.
  private final List<Sums.OfAttempts> pending = new ArrayList<>();

  RowWriter(Connection connection) throws SQLException {
    names = new Names(connection);
    sums = new Sums(connection);
    event =
        connection.prepareStatement("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    earlier =
        connection.prepareStatement(
            """
            SELECT 1 FROM events INDEXED BY events_by_id
            WHERE id = ? AND tenant = ? AND key >= ? AND key < ? AND stored >= ? LIMIT 1
            """);
    delivery =
        connection.prepareStatement("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?)");
    attempt =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    end = connection.prepareStatement("INSERT OR IGNORE INTO ends VALUES (?, ?, ?)");
  }

  void write(Row row) throws SQLException {
    switch (row) {
      case Row.OfEvent each -> write(each);
      case Row.OfDelivery each -> write(each);
      case Row.OfAttempt each -> write(each);
      case Row.OfEnd each -> write(each);
    }
  }

  private void write(Row.OfEvent row) throws SQLException {
    var tenant = names.of(row.tenant());
    var topic = names.of(row.topic());
    var repeated = row.named() && isRepeated(row, tenant);
    event.setLong(1, row.key());
    event.setString(2, row.id());
    event.setLong(3, tenant);
    event.setLong(4, topic);
    event.setLong(5, row.time());
    event.setLong(6, row.stored());
    event.setInt(7, repeated ? 1 : 0);
    event.setLong(8, row.copy());
    if (event.executeUpdate() == 1 && !repeated) {
      sums.add(new Sums.OfEvents(Sums.minute(row.time()), tenant, topic, 0));
    }
  }

  private boolean isRepeated(Row.OfEvent row, long tenant) throws SQLException {
    var first = Math.max(0, Keys.offset(row.key()) - REPEATED_WITHIN);
    earlier.setString(1, row.id());
    earlier.setLong(2, tenant);
    earlier.setLong(3, Keys.place(Keys.partition(row.key()), first));
    earlier.setLong(4, row.key());
    earlier.setLong(5, row.stored() - REPEATED_WITHIN_MILLIS);
    try (var found = earlier.executeQuery()) {
      return found.next();
    }
  }

  private void write(Row.OfDelivery row) throws SQLException {
    var tenant = names.of(row.tenant());
    var destination = names.of(row.destination());
    var topic = names.of(row.topic());
    delivery.setLong(1, row.key());
    delivery.setLong(2, row.event());
    delivery.setLong(3, tenant);
    delivery.setLong(4, destination);
    delivery.setLong(5, topic);
    delivery.setLong(6, row.time());
    if (delivery.executeUpdate() == 1) {
      sums.add(new Sums.OfEvents(Sums.minute(row.time()), tenant, topic, destination));
    }
  }

  /// Sent in batches: these are by far the most.
  private void write(Row.OfAttempt row) throws SQLException {
    var sum =
        new Sums.OfAttempts(
            Sums.minute(row.at()),
            names.of(row.tenant()),
            names.of(row.destination()),
            names.of(row.type()),
            names.of(row.topic()),
            names.of(row.code()),
            row.delivered(),
            row.manual(),
            row.number());
    attempt.setLong(1, row.key());
    attempt.setLong(2, row.at());
    attempt.setLong(3, sum.tenant());
    attempt.setLong(4, sum.destination());
    attempt.setLong(5, sum.topic());
    attempt.setLong(6, sum.type());
    attempt.setLong(7, row.event());
    attempt.setString(8, row.eventId());
    attempt.setInt(9, row.delivered() ? 1 : 0);
    attempt.setLong(10, sum.code());
    attempt.setInt(11, row.number());
    attempt.setInt(12, row.manual() ? 1 : 0);
    attempt.setLong(13, names.of(row.outcome()));
    attempt.setLong(14, row.next());
    attempt.setLong(15, row.place());
    attempt.addBatch();
    pending.add(sum);
  }

  private void write(Row.OfEnd row) throws SQLException {
    end.setLong(1, row.key());
    end.setLong(2, row.at());
    end.setLong(3, names.of(row.reason()));
    end.executeUpdate();
  }

  /// Everything that was handed over is written, and what it adds up to.
  void flush() throws SQLException {
    if (!pending.isEmpty()) {
      var added = attempt.executeBatch();
      for (int i = 0; i < added.length; i++) {
        if (added[i] == 1) {
          sums.add(pending.get(i));
        }
      }
      pending.clear();
    }
    sums.write();
  }

  /// What was written was taken back.
  void forget() throws SQLException {
    names.forget();
    sums.clear();
    pending.clear();
    attempt.clearBatch();
  }

  @Override
  public void close() throws SQLException {
    event.close();
    earlier.close();
    delivery.close();
    attempt.close();
    end.close();
    sums.close();
    names.close();
  }
}
