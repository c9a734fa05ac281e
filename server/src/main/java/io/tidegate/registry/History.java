package io.tidegate.registry;

import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Who asked for what: the commands, newest first, as long as the log keeps them. Waits; for
/// virtual threads.
public final class History {
  private static final int STRIDE = 1_000;
  private static final int MOST_LOOKED_AT = 20_000;
  private static final int STRETCH = 4 << 20;

  private static final String DESTINATION = "destination_id";
  private static final String ENDPOINT = "endpoint_id";

  /// Fields that say what is to be done, and to what.
  private static final Set<String> ENVELOPE =
      Set.of(
          "kind",
          "action",
          "command",
          "by",
          "reason",
          "expected_version",
          "tenant_id",
          DESTINATION,
          ENDPOINT);

  private final RecordLog log;

  History(RecordLog log) {
    this.log = log;
  }

  /// One command. What it says is left out but for the names of the fields, since it may be secret.
  ///
  /// @param by who asked; empty when that is not said
  /// @param fields that it would change
  public record Told(
      long offset,
      Instant at,
      String kind,
      String action,
      String id,
      String by,
      List<String> fields,
      String reason) {}

  /// @param next where to go on; empty at the beginning
  public record Page(List<Told> told, Optional<Long> next) {}

  /// Those below an offset that are wanted, at most `limit`, of a bounded number that are looked
  /// at.
  ///
  /// @throws LogUnavailable when they cannot be read in time
  public Page read(Optional<Long> before, int limit, Predicate<Told> wanted, Duration patience) {
    var topic = log.describe(Intake.TOPIC, patience);
    var first = topic.map(it -> it.firstOffsets().getOrDefault(0, 0L)).orElse(0L);
    var end = topic.map(it -> it.endOffsets().getOrDefault(0, 0L)).orElse(0L);
    var to = Math.min(end, before.orElse(end));
    var least = Math.max(first, to - MOST_LOOKED_AT);
    var found = new ArrayList<Told>();
    while (to > least && found.size() < limit) {
      var from = Math.max(least, to - STRIDE);
      for (var told : stretch(from, to, patience)) {
        if (found.size() < limit && wanted.test(told)) {
          found.add(told);
        }
      }
      to = from;
    }
    var next = found.size() == limit ? found.getLast().offset() : to;
    return new Page(found, next > first ? Optional.of(next) : Optional.empty());
  }

  /// Newest first.
  private ArrayDeque<Told> stretch(long from, long to, Duration patience) {
    var found = new ArrayDeque<Told>();
    for (var at = from; at < to; ) {
      var read = log.read(Intake.TOPIC, 0, at, STRETCH, patience);
      for (var record : read.records()) {
        if (record.offset() < to) {
          told(record).ifPresent(found::addFirst);
        }
      }
      if (read.next() <= at) {
        break;
      }
      at = read.next();
    }
    return found;
  }

  private static Optional<Told> told(Stored record) {
    try {
      var body = Intake.read(record);
      return Optional.of(
          new Told(
              record.offset(),
              record.time(),
              Rejections.cut(kind(body), 32),
              Rejections.cut(Json.text(body, "action"), 32),
              id(body),
              Rejections.cut(Json.text(body, "by"), 300),
              fields(body),
              Rejections.cut(Json.text(body, "reason"), 300)));
    } catch (IllegalArgumentException rubbish) {
      return Optional.empty();
    }
  }

  /// Commands about endpoints need not say that they are.
  private static String kind(ObjectNode body) {
    var said = Intake.kind(body);
    return said.isEmpty() && body.has(ENDPOINT) ? "endpoint" : said;
  }

  /// That of an endpoint is a credential.
  private static String id(ObjectNode body) {
    for (var name : List.of(DESTINATION, "tenant_id")) {
      var id = Json.text(body, name);
      if (!id.isEmpty()) {
        return id;
      }
    }
    return Rejections.cut(Json.text(body, ENDPOINT), 8);
  }

  private static List<String> fields(ObjectNode body) {
    var fields = new ArrayList<String>();
    if (body.has(DESTINATION)) {
      for (var name : List.of("patch", "destination")) {
        if (body.get(name) instanceof ObjectNode given) {
          names(given, fields);
        }
      }
    } else {
      names(body, fields);
    }
    return fields;
  }

  private static void names(ObjectNode given, List<String> fields) {
    given.propertyNames().stream()
        .filter(name -> !ENVELOPE.contains(name))
        .limit(50)
        .map(it -> Rejections.cut(it, 64))
        .forEach(fields::add);
  }
}
