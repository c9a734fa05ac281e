package io.tidegate.ledger;

import io.tidegate.ledger.Seek.Ranked;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds attempts along the index that fits best: by event, destination, tenant, or time alone.
///
/// @param query what is wanted
record AttemptSearch(AttemptQuery query) implements Readers.Search<Listing<AttemptFound>> {

  /// Why there was no other attempt after one that another was to follow.
  private static final String END =
      "CASE WHEN a.next > 0 AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.key = a.key + 1)"
          + " THEN (SELECT reason FROM ends WHERE key = a.key >> 12) END";

  private static final String SELECT =
      "SELECT a.at, a.key, a.tenant, a.destination, a.type, a.topic, a.event, a.event_id,"
          + " a.delivered, a.code, a.number, a.manual, a.outcome, a.next, a.place, "
          + END
          + " FROM attempts a";
  private static final int MOST_EVENTS = 1000;

  @Override
  public Listing<AttemptFound> in(Connection connection) throws SQLException {
    try (var names = new Lookup(connection)) {
      var found = new ArrayList<Ranked<AttemptFound>>();
      for (var seek : seeks(connection, names)) {
        narrow(seek, names);
        found.addAll(seek.read(connection, query.window(), row -> attempt(row, names)));
      }
      return Seek.listing(found, query.window());
    }
  }

  /// The one of that key.
  static Readers.Search<Optional<AttemptFound>> one(long key) {
    return connection -> {
      try (var names = new Lookup(connection);
          var query = connection.prepareStatement(SELECT + " WHERE a.key = ?")) {
        query.setLong(1, key);
        try (var found = query.executeQuery()) {
          return found.next() ? Optional.of(attempt(found, names)) : Optional.empty();
        }
      }
    };
  }

  private List<Seek<AttemptFound>> seeks(Connection connection, Lookup names) throws SQLException {
    if (!query.events().isEmpty()) {
      return each("attempts_by_event", "a.event = ?", events(connection));
    }
    if (!query.destinations().isEmpty()) {
      var destinations = names.numbers(query.destinations());
      return each("attempts_by_destination", "a.destination = ?", destinations);
    }
    var failed = query.delivered().equals(Optional.of(false));
    if (!query.tenants().isEmpty()) {
      var index = failed ? "failures_by_tenant" : "attempts_by_tenant";
      return each(index, "a.tenant = ?", names.numbers(query.tenants()));
    }
    return List.of(seek(failed ? "failures_by_time" : "attempts_by_time"));
  }

  private static List<Seek<AttemptFound>> each(String index, String condition, List<Long> values) {
    return values.stream().map(value -> seek(index).and(condition, value)).toList();
  }

  private static Seek<AttemptFound> seek(String index) {
    return new Seek<>(SELECT + " INDEXED BY " + index, "a.at", "a.key");
  }

  /// Where the events of those ids lie.
  private List<Long> events(Connection connection) throws SQLException {
    var keys = new ArrayList<Long>();
    try (var statement =
        connection.prepareStatement(
            "SELECT key FROM events INDEXED BY events_by_id WHERE id = ? LIMIT " + MOST_EVENTS)) {
      for (var id : query.events()) {
        statement.setString(1, id);
        try (var found = statement.executeQuery()) {
          while (found.next()) {
            keys.add(found.getLong(1));
          }
        }
      }
    }
    return keys;
  }

  private void narrow(Seek<AttemptFound> seek, Lookup names) throws SQLException {
    seek.within(query.time(), query.window())
        .in("a.tenant", names.numbers(query.tenants()))
        .in("a.destination", names.numbers(query.destinations()))
        .in("a.type", names.numbers(query.types()))
        .in("a.topic", names.numbers(query.topics()));
    query.delivered().ifPresent(delivered -> seek.and("a.delivered = " + (delivered ? 1 : 0)));
  }

  private static AttemptFound attempt(ResultSet row, Lookup names) throws SQLException {
    var end = row.getLong(16);
    var next = end == 0 ? row.getLong(14) : 0;
    return new AttemptFound(
        row.getLong(2),
        Instant.ofEpochMilli(row.getLong(1)),
        names.text(row.getLong(3)),
        names.text(row.getLong(4)),
        names.text(row.getLong(5)),
        names.text(row.getLong(6)),
        row.getLong(7),
        row.getString(8),
        row.getInt(9) == 1,
        names.text(row.getLong(10)),
        row.getInt(11),
        row.getInt(12) == 1,
        names.text(end == 0 ? row.getLong(13) : end),
        next == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next)),
        row.getLong(15));
  }
}
