package io.tidegate.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is to be counted.
///
/// @param from inclusive; `to` is not
/// @param granularity one row for each set of dimensions when there is none
/// @param filters values of dimensions that count; what has none counts in any case
public record MetricsQuery(
    Subject subject,
    Instant from,
    Instant to,
    Optional<Granularity> granularity,
    List<Dimension> dimensions,
    Map<Dimension, List<String>> filters) {
  public MetricsQuery {
    dimensions = List.copyOf(dimensions);
    filters = Map.copyOf(filters);
  }

  public enum Subject {
    EVENTS,
    ATTEMPTS
  }

  /// What can be told apart.
  public enum Dimension {
    TENANT("tenant_id", "tenant", true),
    TOPIC("topic", "topic", true),
    DESTINATION("destination_id", "destination", true),
    TYPE("destination_type", "type", false),
    STATUS("status", "delivered", false),
    CODE("code", "code", false),
    MANUAL("manual", "manual", false),
    NUMBER("attempt_number", "number", false);

    private final String word;
    final String column;
    private final boolean events;

    Dimension(String word, String column, boolean events) {
      this.word = word;
      this.column = column;
      this.events = events;
    }

    public String word() {
      return word;
    }

    public boolean isOf(Subject subject) {
      return events || subject == Subject.ATTEMPTS;
    }

    /// Whether the column holds a number that stands for a text.
    boolean isName() {
      return switch (this) {
        case TENANT, TOPIC, DESTINATION, TYPE, CODE -> true;
        case STATUS, MANUAL, NUMBER -> false;
      };
    }
  }

  /// Longer spans are not counted in buckets that small.
  public static final int MOST_BUCKETS = 10_000;

  /// How many buckets there would be.
  public long buckets() {
    return granularity
        .map(each -> each.bucket(to.minusMillis(1)) - each.bucket(from) + 1)
        .orElse(1L);
  }
}
