package io.tidegate.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// How long the buckets of a chart are: `30s`, `5m`, `1h`, `1d`, `1w`, `1M`. Weeks begin on Sunday;
/// several of a unit are counted from 1970; all of it in UTC.
///
/// @param count how many of the unit
public record Granularity(int count, Unit unit) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,2})([smhdwM])");
  private static final long SUNDAY = 3 * 86_400_000L;
  private static final int MONTHS = 12;
  private static final int EPOCH = 1970;

  /// Its length is 0 for months, which differ.
  public enum Unit {
    SECOND("s", 1_000, 60),
    MINUTE("m", 60_000, 60),
    HOUR("h", 3_600_000, 24),
    DAY("d", 86_400_000, 31),
    WEEK("w", 7 * 86_400_000L, 4),
    MONTH("M", 0, 12);

    final String letter;
    final long millis;
    final int most;

    Unit(String letter, long millis, int most) {
      this.letter = letter;
      this.millis = millis;
      this.most = most;
    }
  }

  /// Nothing when it is none.
  public static Optional<Granularity> parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int count = Integer.parseInt(matcher.group(1));
    for (var unit : Unit.values()) {
      if (unit.letter.equals(matcher.group(2)) && count >= 1 && count <= unit.most) {
        return Optional.of(new Granularity(count, unit));
      }
    }
    return Optional.empty();
  }

  /// As an expression over a time in milliseconds: the number of the bucket.
  String sql(String time) {
    return switch (unit) {
      case MONTH ->
          ("((CAST(strftime('%%Y', %1$s / 1000, 'unixepoch') AS INTEGER) - %2$d) * %3$d"
                  + " + CAST(strftime('%%m', %1$s / 1000, 'unixepoch') AS INTEGER) - 1) / %4$d")
              .formatted(time, EPOCH, MONTHS, count);
      case WEEK -> "(%s - %d) / %d".formatted(time, SUNDAY, count * unit.millis);
      case SECOND, MINUTE, HOUR, DAY -> "%s / %d".formatted(time, count * unit.millis);
    };
  }

  /// Where a bucket begins.
  Instant begin(long bucket) {
    return switch (unit) {
      case MONTH -> {
        var month = bucket * count;
        yield LocalDate.of(EPOCH, 1, 1).plusMonths(month).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      case WEEK -> Instant.ofEpochMilli(bucket * count * unit.millis + SUNDAY);
      case SECOND, MINUTE, HOUR, DAY -> Instant.ofEpochMilli(bucket * count * unit.millis);
    };
  }

  /// The bucket in which a time lies.
  long bucket(Instant time) {
    return switch (unit) {
      case MONTH ->
          Math.floorDiv(
              ChronoUnit.MONTHS.between(
                  LocalDate.of(EPOCH, 1, 1), time.atOffset(ZoneOffset.UTC).toLocalDate()),
              count);
      case WEEK -> Math.floorDiv(time.toEpochMilli() - SUNDAY, count * unit.millis);
      case SECOND, MINUTE, HOUR, DAY -> Math.floorDiv(time.toEpochMilli(), count * unit.millis);
    };
  }

  /// How long a bucket is, for rates.
  double seconds(long bucket) {
    return (begin(bucket + 1).toEpochMilli() - begin(bucket).toEpochMilli()) / 1e3;
  }

  @Override
  public String toString() {
    return count + unit.letter;
  }
}
