package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// One part of a table in the order of a time and a key, read along an index: the cost is that of
/// the rows that are looked at, wherever in the table they lie.
final class Seek<T> {
  private final String select;
  private final String time;
  private final String key;
  private final StringBuilder where = new StringBuilder();
  private final List<Object> values = new ArrayList<>();

  /// @param select up to `WHERE`, with the index that is to be used
  Seek(String select, String time, String key) {
    this.select = select;
    this.time = time;
    this.key = key;
  }

  /// What a row of the result is. Its first two columns are the time and the key.
  interface Shape<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// A row, and where it stands in the order.
  record Ranked<T>(long time, long key, T row) {}

  Seek<T> and(String condition, Object... more) {
    where.append(where.isEmpty() ? " WHERE " : " AND ").append(condition);
    values.addAll(List.of(more));
    return this;
  }

  Seek<T> in(String column, List<Long> numbers) {
    return numbers.isEmpty()
        ? this
        : and(
            column + " IN (?" + ", ?".repeat(numbers.size() - 1) + ")",
            numbers.toArray(Object[]::new));
  }

  Seek<T> within(Span span, Window window) {
    var rising = window.isRising();
    var from = span.from();
    var to = span.to();
    if (window.cursor().isPresent()) {
      var cursor = window.cursor().get();
      from = rising ? Math.max(from, cursor.at()) : from;
      to = rising ? to : Math.min(to, cursor.at() + 1);
      and("(%s, %s) %s (?, ?)".formatted(time, key, rising ? ">" : "<"), cursor.at(), cursor.key());
    }
    return and(time + " >= ? AND " + time + " < ?", from, to);
  }

  List<Ranked<T>> read(Connection connection, Window window, Shape<T> shape) throws SQLException {
    var direction = window.isRising() ? "ASC" : "DESC";
    var sql =
        "%s%s ORDER BY %s %s, %s %s LIMIT %d"
            .formatted(select, where, time, direction, key, direction, window.limit() + 1);
    var rows = new ArrayList<Ranked<T>>();
    try (var statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(new Ranked<>(found.getLong(1), found.getLong(2), shape.read(found)));
        }
      }
    }
    return rows;
  }

  static void bind(PreparedStatement statement, List<?> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  /// The parts that several searches found as one.
  static <T> Listing<T> listing(List<Ranked<T>> found, Window window) {
    var byKey = new LinkedHashMap<Long, Ranked<T>>();
    found.forEach(each -> byKey.putIfAbsent(each.key(), each));
    var rows = new ArrayList<>(byKey.values());
    var usual = Comparator.<Ranked<T>>comparingLong(Ranked::time).thenComparingLong(Ranked::key);
    rows.sort(window.isRising() ? usual : usual.reversed());
    var more = rows.size() > window.limit();
    var page = new ArrayList<>(more ? rows.subList(0, window.limit()) : rows);
    page.sort(window.ascending() ? usual : usual.reversed());
    var skipped = window.cursor().isPresent();
    var shown = page.stream().map(Ranked::row).toList();
    return window.backwards()
        ? new Listing<>(shown, more, skipped)
        : new Listing<>(shown, skipped, more);
  }
}
