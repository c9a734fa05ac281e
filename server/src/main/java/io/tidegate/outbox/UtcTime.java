package io.tidegate.outbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// Times as `Instant` prints them, read back. Done several times for each delivery, and by hand
/// many times faster than by a formatter, to which everything else is left.
final class UtcTime {
  private static final int SHORTEST = "2027-01-31T12:00:00Z".length();
  private static final int DAY = 86_400;
  private static final int NANO_DIGITS = 9;

  private UtcTime() {}

  /// Nothing when it is no time.
  static Optional<Instant> read(String text) {
    try {
      return Optional.of(isUsual(text) ? usual(text) : Instant.parse(text));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  /// `2027-01-31T12:00:00Z`, perhaps with a fraction.
  private static boolean isUsual(String text) {
    int end = text.length() - 1;
    if (text.length() < SHORTEST
        || text.length() > SHORTEST + 1 + NANO_DIGITS
        || text.length() == SHORTEST + 1
        || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char wanted = "0000-00-00T00:00:00.000000000".charAt(i);
      char c = text.charAt(i);
      if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
        return false;
      }
    }
    return number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
  }

  private static Instant usual(String text) {
    var day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    int seconds = number(text, 11, 13) * 3600 + number(text, 14, 16) * 60 + number(text, 17, 19);
    int nanos = 0;
    for (int i = 0; i < NANO_DIGITS; i++) {
      int at = SHORTEST + i; // behind the point, if there is one
      nanos = nanos * 10 + (at < text.length() - 1 ? text.charAt(at) - '0' : 0);
    }
    return Instant.ofEpochSecond(day.toEpochDay() * DAY + seconds, nanos);
  }

  private static int number(String text, int from, int end) {
    int value = 0;
    for (int i = from; i < end; i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }
}
