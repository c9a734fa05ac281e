package io.tidegate.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How long a receiver wants to be left alone: `Retry-After` in seconds, or as a date in one of the
/// three forms of RFC 9110. At most a day; a date that is over means now; what cannot be read is as
/// if it were not there.
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int MOST_CHARACTERS = 64;
  private static final int DIGITS = 9;
  private static final int HALF_A_CENTURY = 50;

  private static final List<DateTimeFormatter> FORMS =
      List.of(
          form("EEE, dd MMM uuuu HH:mm:ss 'GMT'"),
          form("EEE MMM ppd HH:mm:ss uuuu"),
          form("EEE MMM d HH:mm:ss uuuu"));

  private RetryAfter() {}

  static Optional<Duration> of(String value, Instant now) {
    var text = value.strip();
    if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(
          text.length() > DIGITS ? LONGEST : within(Duration.ofSeconds(Long.parseLong(text))));
    }
    return date(text, now).map(date -> within(Duration.between(now, date)));
  }

  private static Duration within(Duration wait) {
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static Optional<Instant> date(String text, Instant now) {
    for (var form : FORMS) {
      try {
        return Optional.of(ZonedDateTime.parse(text, form).toInstant());
      } catch (DateTimeException _) {
        // the next form
      }
    }
    return withTwoDigits(text, now);
  }

  /// RFC 850: a year of two digits that seems to be more than 50 years ahead is the one before.
  private static Optional<Instant> withTwoDigits(String text, Instant now) {
    var year = now.atZone(ZoneOffset.UTC).getYear();
    var form =
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, year - HALF_A_CENTURY + 1)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    try {
      return Optional.of(ZonedDateTime.parse(text, form).toInstant());
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }
}
