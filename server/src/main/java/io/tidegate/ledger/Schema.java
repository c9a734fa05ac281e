package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The tables, and how a file of an earlier version gets them. Versions are only ever added.
///
/// Texts that repeat (tenants, topics, destinations, types, codes) stand in `names` once; elsewhere
/// stand their numbers. The rows of `attempt_…` and `event_…` are sums for charts.
final class Schema {
  private static final String ATTEMPT_SUMS =
      """
      CREATE TABLE attempt_%1$ss (
        %1$s INTEGER NOT NULL, tenant INTEGER NOT NULL, destination INTEGER NOT NULL,
        type INTEGER NOT NULL, topic INTEGER NOT NULL, code INTEGER NOT NULL,
        delivered INTEGER NOT NULL, manual INTEGER NOT NULL, number INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (%1$s, tenant, destination, type, topic, code, delivered, manual, number)
      ) STRICT, WITHOUT ROWID;
      """;

  private static final String EVENT_SUMS =
      """
      CREATE TABLE event_%1$ss (
        %1$s INTEGER NOT NULL, tenant INTEGER NOT NULL, topic INTEGER NOT NULL,
        destination INTEGER NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (%1$s, tenant, topic, destination)
      ) STRICT, WITHOUT ROWID;
      """;

  private static final String FIRST =
      """
      CREATE TABLE positions (
        topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
        PRIMARY KEY (topic, partition)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE topics (topic TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE events (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL, tenant INTEGER NOT NULL,
        topic INTEGER NOT NULL, time INTEGER NOT NULL, stored INTEGER NOT NULL,
        repeated INTEGER NOT NULL, copy INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX events_by_id ON events (id);
      CREATE INDEX events_by_tenant ON events (tenant, time);
      CREATE INDEX events_by_time ON events (time);
      CREATE INDEX events_by_copy ON events (copy) WHERE copy >= 0;
      CREATE TABLE deliveries (
        key INTEGER PRIMARY KEY, event INTEGER NOT NULL, tenant INTEGER NOT NULL,
        destination INTEGER NOT NULL, topic INTEGER NOT NULL, time INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX deliveries_by_event ON deliveries (event, destination);
      CREATE UNIQUE INDEX deliveries_by_destination
        ON deliveries (destination, time, event, tenant);
      CREATE TABLE attempts (
        key INTEGER PRIMARY KEY, at INTEGER NOT NULL, tenant INTEGER NOT NULL,
        destination INTEGER NOT NULL, topic INTEGER NOT NULL, type INTEGER NOT NULL,
        event INTEGER NOT NULL, event_id TEXT NOT NULL, delivered INTEGER NOT NULL,
        code INTEGER NOT NULL, number INTEGER NOT NULL, manual INTEGER NOT NULL,
        outcome INTEGER NOT NULL, next INTEGER NOT NULL, place INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX attempts_by_time ON attempts (at);
      CREATE INDEX attempts_by_tenant ON attempts (tenant, at);
      CREATE INDEX attempts_by_destination ON attempts (destination, at);
      CREATE INDEX attempts_by_event ON attempts (event, at);
      CREATE INDEX failures_by_time ON attempts (at) WHERE delivered = 0;
      CREATE INDEX failures_by_tenant ON attempts (tenant, at) WHERE delivered = 0;
      CREATE TABLE ends (
        key INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason INTEGER NOT NULL
      ) STRICT;
      """
          + ATTEMPT_SUMS.formatted("minute")
          + ATTEMPT_SUMS.formatted("hour")
          + EVENT_SUMS.formatted("minute")
          + EVENT_SUMS.formatted("hour");

  private static final List<String> VERSIONS = List.of(FIRST);

  private Schema() {}

  /// The version that this Tidegate writes.
  static int version() {
    return VERSIONS.size();
  }

  static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery("PRAGMA user_version")) {
      return found.next() ? found.getInt(1) : 0;
    }
  }

  /// Brings a file up to date, all or nothing.
  static void migrate(Connection connection) throws SQLException {
    int present = version(connection);
    if (present >= version()) {
      return;
    }
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var script : VERSIONS.subList(present, version())) {
        for (var sql : script.split(";\\s*\\n", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
      }
      statement.execute("PRAGMA user_version = " + version());
      connection.commit();
    } catch (SQLException failed) {
      connection.rollback();
      throw failed;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
