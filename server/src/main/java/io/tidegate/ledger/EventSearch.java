package io.tidegate.ledger;

import io.tidegate.ledger.Seek.Ranked;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds events along the index that fits best: by id, destination, tenant, or time alone.
///
/// @param query what is wanted
record EventSearch(EventQuery query) implements Readers.Search<Listing<EventFound>> {
  private static final int MOST_DESTINATIONS = 1000;
  private static final String COLUMNS =
      "SELECT %s, e.key, e.id, e.tenant, e.topic, e.time, e.stored FROM ";
  private static final String PLAIN = COLUMNS.formatted("e.time") + "events e INDEXED BY ";

  @Override
  public Listing<EventFound> in(Connection connection) throws SQLException {
    try (var names = new Lookup(connection)) {
      var found = new ArrayList<Ranked<EventFound>>();
      for (var seek : seeks(names)) {
        narrow(seek, names);
        found.addAll(seek.read(connection, query.window(), row -> event(row, names)));
      }
      var listing = Seek.listing(found, query.window());
      return new Listing<>(
          withDestinations(connection, names, listing.rows()), listing.before(), listing.after());
    }
  }

  /// Where copies of events lie that lie in topics of somebody's, by their keys.
  static Readers.Search<Map<Long, Long>> copies(List<Long> keys) {
    return connection -> {
      var copies = new HashMap<Long, Long>();
      try (var statement =
          connection.prepareStatement("SELECT copy FROM events WHERE key = ? AND copy >= 0")) {
        for (var key : keys) {
          statement.setLong(1, key);
          try (var found = statement.executeQuery()) {
            if (found.next()) {
              copies.put(key, found.getLong(1));
            }
          }
        }
      }
      return copies;
    };
  }

  private List<Seek<EventFound>> seeks(Lookup names) throws SQLException {
    if (!query.ids().isEmpty()) {
      return query.ids().stream()
          .map(id -> EventSearch.<EventFound>along("events_by_id", "e.id = ?", id))
          .toList();
    }
    if (!query.destinations().isEmpty()) {
      return names.numbers(query.destinations()).stream().map(EventSearch::byDestination).toList();
    }
    if (!query.tenants().isEmpty()) {
      return names.numbers(query.tenants()).stream()
          .map(tenant -> EventSearch.<EventFound>along("events_by_tenant", "e.tenant = ?", tenant))
          .toList();
    }
    return List.of(new Seek<>(PLAIN + "events_by_time", "e.time", "e.key"));
  }

  private static <T> Seek<T> along(String index, String condition, Object value) {
    return new Seek<T>(PLAIN + index, "e.time", "e.key").and(condition, value);
  }

  private static Seek<EventFound> byDestination(long destination) {
    return new Seek<EventFound>(
            COLUMNS.formatted("d.time")
                + "deliveries d INDEXED BY deliveries_by_destination"
                + " CROSS JOIN events e ON e.key = d.event",
            "d.time",
            "d.event")
        .and("d.destination = ?", destination);
  }

  private void narrow(Seek<EventFound> seek, Lookup names) throws SQLException {
    seek.within(query.time(), query.window())
        .and("e.repeated = 0")
        .in("e.tenant", names.numbers(query.tenants()))
        .in("e.topic", names.numbers(query.topics()));
    if (query.since() > 0) {
      seek.and("e.stored >= ?", query.since());
    }
    if (!query.ids().isEmpty() && !query.destinations().isEmpty()) {
      var destinations = names.numbers(query.destinations());
      seek.and(
          "EXISTS (SELECT 1 FROM deliveries d WHERE d.event = e.key AND d.destination IN (?"
              + ", ?".repeat(destinations.size() - 1)
              + "))",
          destinations.toArray());
    }
  }

  private static EventFound event(ResultSet row, Lookup names) throws SQLException {
    return new EventFound(
        row.getLong(2),
        row.getString(3),
        names.text(row.getLong(4)),
        names.text(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        Instant.ofEpochMilli(row.getLong(7)),
        List.of());
  }

  private static List<EventFound> withDestinations(
      Connection connection, Lookup names, List<EventFound> events) throws SQLException {
    var complete = new ArrayList<EventFound>();
    try (var query =
        connection.prepareStatement(
            "SELECT destination FROM deliveries INDEXED BY deliveries_by_event WHERE event = ?"
                + " ORDER BY destination LIMIT "
                + MOST_DESTINATIONS)) {
      for (var event : events) {
        var destinations = new ArrayList<String>();
        query.setLong(1, event.key());
        try (var found = query.executeQuery()) {
          while (found.next()) {
            destinations.add(names.text(found.getLong(1)));
          }
        }
        complete.add(
            new EventFound(
                event.key(),
                event.id(),
                event.tenant(),
                event.topic(),
                event.time(),
                event.stored(),
                destinations));
      }
    }
    return complete;
  }
}
