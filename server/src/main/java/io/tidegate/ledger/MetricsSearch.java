package io.tidegate.ledger;

import io.tidegate.ledger.Metrics.Counts;
import io.tidegate.ledger.Metrics.Point;
import io.tidegate.ledger.MetricsQuery.Dimension;
import io.tidegate.ledger.MetricsQuery.Subject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Counts: whole hours and minutes from their sums, the edges from single rows.
///
///     from |..rows..|..minutes..|......hours......|..minutes..|..rows..| to
///
/// @param query what is to be counted
record MetricsSearch(MetricsQuery query) implements Readers.Search<Metrics> {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 3_600_000;
  private static final int MOST_GROUPS = 4 * Metrics.MOST_POINTS;

  /// @param bucket 0 when there are none
  private record Group(long bucket, List<String> dimensions) {}

  @Override
  public Metrics in(Connection connection) throws SQLException {
    var groups = new HashMap<Group, Counts>();
    try (var names = new Lookup(connection)) {
      for (var piece : pieces()) {
        count(connection, names, piece, groups);
      }
    }
    return points(groups);
  }

  /// A span of time, and how fine it has to be looked at.
  private record Piece(MetricsTable table, long from, long to) {}

  private List<Piece> pieces() {
    long from = query.from().toEpochMilli();
    long to = query.to().toEpochMilli();
    var unit = query.granularity().map(Granularity::unit);
    var pieces = new ArrayList<Piece>();
    if (unit.equals(Optional.of(Granularity.Unit.SECOND))) {
      pieces.add(new Piece(MetricsTable.ROWS, from, to));
    } else if (unit.equals(Optional.of(Granularity.Unit.MINUTE))) {
      split(pieces, from, to, MetricsTable.MINUTES, MINUTE, MetricsTable.ROWS);
    } else {
      split(pieces, from, to, MetricsTable.HOURS, HOUR, MetricsTable.MINUTES);
    }
    return pieces.stream().filter(piece -> piece.from < piece.to).toList();
  }

  private static void split(
      List<Piece> pieces, long from, long to, MetricsTable table, long unit, MetricsTable edges) {
    long first = Math.ceilDiv(from, unit) * unit;
    long last = Math.floorDiv(to, unit) * unit;
    if (first >= last) {
      edge(pieces, from, to, edges);
      return;
    }
    edge(pieces, from, first, edges);
    pieces.add(new Piece(table, first, last));
    edge(pieces, last, to, edges);
  }

  private static void edge(List<Piece> pieces, long from, long to, MetricsTable table) {
    if (table == MetricsTable.ROWS) {
      pieces.add(new Piece(table, from, to));
    } else {
      split(pieces, from, to, MetricsTable.MINUTES, MINUTE, MetricsTable.ROWS);
    }
  }

  private void count(Connection connection, Lookup names, Piece piece, Map<Group, Counts> groups)
      throws SQLException {
    var byDestination =
        query.dimensions().contains(Dimension.DESTINATION)
            || query.filters().containsKey(Dimension.DESTINATION);
    var shape = piece.table.shape(query.subject(), byDestination);
    var values = new ArrayList<Object>();
    var sql = sql(shape, piece, names, values);
    try (var statement = connection.prepareStatement(sql)) {
      Seek.bind(statement, values);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          groups.merge(group(found, names), counts(found), Counts::plus);
        }
      }
    }
  }

  private String sql(MetricsTable.Shape shape, Piece piece, Lookup names, List<Object> values)
      throws SQLException {
    var columns = new ArrayList<String>();
    columns.add(query.granularity().map(each -> each.sql(shape.millis())).orElse("0"));
    query.dimensions().forEach(dimension -> columns.add(shape.column(dimension)));
    var grouped = String.join(", ", columns);
    var where = new StringBuilder(shape.where());
    values.add(piece.from / shape.unit());
    values.add(piece.to / shape.unit());
    for (var filter : query.filters().entrySet()) {
      var wanted = wanted(filter.getKey(), filter.getValue(), names);
      where
          .append(" AND ")
          .append(shape.column(filter.getKey()))
          .append(" IN (?")
          .append(", ?".repeat(wanted.size() - 1))
          .append(')');
      values.addAll(wanted);
    }
    return "SELECT %s, %s FROM %s WHERE %s GROUP BY %s LIMIT %d"
        .formatted(
            grouped, sums(shape), shape.table(), where, numbers(columns.size()), MOST_GROUPS);
  }

  private static String numbers(int count) {
    var numbers = new StringBuilder("1");
    for (int i = 2; i <= count; i++) {
      numbers.append(", ").append(i);
    }
    return numbers.toString();
  }

  private String sums(MetricsTable.Shape shape) {
    var count = shape.count();
    if (query.subject() == Subject.EVENTS) {
      return "sum(%s), 0, 0, 0, 0, 0".formatted(count);
    }
    return ("sum(%1$s), sum(%1$s * delivered), sum(%1$s * (number = 1 AND manual = 0)),"
            + " sum(%1$s * (number > 1 AND manual = 0)), sum(%1$s * manual),"
            + " sum(%1$s * number)")
        .formatted(count);
  }

  private static List<Long> wanted(Dimension dimension, List<String> texts, Lookup names)
      throws SQLException {
    if (dimension.isName()) {
      return names.numbers(texts);
    }
    return texts.stream().map(text -> number(dimension, text)).toList();
  }

  private static long number(Dimension dimension, String text) {
    return switch (dimension) {
      case STATUS -> text.equals("success") ? 1 : text.equals("failed") ? 0 : -1;
      case MANUAL -> text.equals("true") ? 1 : text.equals("false") ? 0 : -1;
      default -> text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
    };
  }

  private Group group(ResultSet row, Lookup names) throws SQLException {
    var dimensions = new ArrayList<String>();
    for (int i = 0; i < query.dimensions().size(); i++) {
      var dimension = query.dimensions().get(i);
      var value = row.getLong(i + 2);
      dimensions.add(
          switch (dimension) {
            case STATUS -> value == 1 ? "success" : "failed";
            case MANUAL -> value == 1 ? "true" : "false";
            case NUMBER -> Long.toString(value);
            case TENANT, TOPIC, DESTINATION, TYPE, CODE -> names.text(value);
          });
    }
    return new Group(row.getLong(1), dimensions);
  }

  private Counts counts(ResultSet row) throws SQLException {
    int at = query.dimensions().size() + 2;
    return new Counts(
        row.getLong(at),
        row.getLong(at + 1),
        row.getLong(at + 2),
        row.getLong(at + 3),
        row.getLong(at + 4),
        row.getLong(at + 5));
  }

  /// Buckets in which nothing happened count nothing, for each set of dimensions.
  private Metrics points(Map<Group, Counts> groups) {
    var sets = new TreeSet<List<String>>(Comparator.comparing(each -> String.join("\t", each)));
    groups.keySet().forEach(group -> sets.add(group.dimensions()));
    if (sets.isEmpty() && query.dimensions().isEmpty()) {
      sets.add(List.of());
    }
    var points = new ArrayList<Point>();
    long first = query.granularity().map(each -> each.bucket(query.from())).orElse(0L);
    for (var set : sets) {
      for (long bucket = first; bucket < first + query.buckets(); bucket++) {
        if (points.size() == Metrics.MOST_POINTS) {
          return new Metrics(points, true);
        }
        points.add(point(bucket, set, groups));
      }
    }
    return new Metrics(points, false);
  }

  private Point point(long bucket, List<String> set, Map<Group, Counts> groups) {
    var counts = groups.getOrDefault(new Group(bucket, set), Counts.NONE);
    return query
        .granularity()
        .map(each -> new Point(Optional.of(each.begin(bucket)), set, each.seconds(bucket), counts))
        .orElseGet(() -> {
          var seconds = (query.to().toEpochMilli() - query.from().toEpochMilli()) / 1e3;
          return new Point(Optional.empty(), set, seconds, counts);
        });
  }
}
