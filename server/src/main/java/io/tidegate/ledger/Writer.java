package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The one that writes. What was read, and how far it was read, go into one transaction: whatever
/// ends in between, each record counts once. For one thread.
final class Writer implements AutoCloseable {
  private final Connection connection;
  private final RowWriter rows;
  private final PreparedStatement position;
  private final Map<Feed, Map<Integer, Long>> next = new EnumMap<>(Feed.class);

  /// @param connection belongs to the writer from now on
  Writer(Connection connection) throws SQLException {
    this.connection = connection;
    try {
      this.rows = new RowWriter(connection);
      this.position =
          connection.prepareStatement(
              "INSERT INTO positions VALUES (?, ?, ?)"
                  + " ON CONFLICT DO UPDATE SET next = excluded.next");
      for (var feed : Feed.values()) {
        next.put(feed, positions(connection, feed));
      }
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  private static Map<Integer, Long> positions(Connection connection, Feed feed)
      throws SQLException {
    var positions = new HashMap<Integer, Long>();
    try (var query =
        connection.prepareStatement("SELECT partition, next FROM positions WHERE topic = ?")) {
      query.setString(1, feed.topic);
      try (var found = query.executeQuery()) {
        while (found.next()) {
          positions.put(found.getInt(1), found.getLong(2));
        }
      }
    }
    connection.commit();
    return positions;
  }

  /// Up to where each partition is written.
  Map<Integer, Long> next(Feed feed) {
    return Map.copyOf(next.getOrDefault(feed, Map.of()));
  }

  /// All of them or none.
  ///
  /// @return how many records were new
  int write(Collection<Batch> batches) throws SQLException {
    var reached = new EnumMap<Feed, Map<Integer, Long>>(Feed.class);
    int count = 0;
    try {
      for (var batch : batches) {
        var known = reached.computeIfAbsent(batch.feed(), feed -> new HashMap<>(next(feed)));
        var from = known.getOrDefault(batch.partition(), 0L);
        for (var row : batch.rows()) {
          if (row.offset() >= from) {
            rows.write(row);
            count++;
          }
        }
        known.put(batch.partition(), Math.max(from, batch.next()));
      }
      rows.flush();
      for (var each : reached.entrySet()) {
        writePositions(each.getKey(), each.getValue());
      }
      connection.commit();
      next.putAll(reached);
      return count;
    } catch (SQLException | RuntimeException failed) {
      takeBack(failed);
      throw failed;
    }
  }

  private void takeBack(Exception failed) {
    try {
      rows.forget();
      connection.rollback();
    } catch (SQLException again) {
      failed.addSuppressed(again);
    }
  }

  private void writePositions(Feed feed, Map<Integer, Long> reached) throws SQLException {
    for (var each : reached.entrySet()) {
      position.setString(1, feed.topic);
      position.setInt(2, each.getKey());
      position.setLong(3, each.getValue());
      position.executeUpdate();
    }
  }

  /// False when the topic is another one than that of which is written here. Kept from the first
  /// time on.
  ///
  /// @param id empty when it is not known
  boolean isSameTopic(Feed feed, String id) throws SQLException {
    if (id.isEmpty()) {
      return true;
    }
    try (var query = connection.prepareStatement("SELECT id FROM topics WHERE topic = ?");
        var keep = connection.prepareStatement("INSERT OR IGNORE INTO topics VALUES (?, ?)")) {
      query.setString(1, feed.topic);
      try (var found = query.executeQuery()) {
        if (found.next()) {
          return id.equals(found.getString(1));
        }
      }
      keep.setString(1, feed.topic);
      keep.setString(2, id);
      keep.executeUpdate();
      return true;
    } finally {
      connection.commit();
    }
  }

  /// Runs something in a transaction of its own.
  int change(Change change) throws SQLException {
    try {
      int changed = change.on(connection);
      connection.commit();
      return changed;
    } catch (SQLException failed) {
      takeBack(failed);
      throw failed;
    }
  }

  /// A change of rows; says how many.
  interface Change {
    int on(Connection connection) throws SQLException;
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    position.close();
    connection.close();
  }
}
