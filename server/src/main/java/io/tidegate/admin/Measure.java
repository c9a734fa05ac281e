package io.tidegate.admin;

import io.tidegate.ledger.Metrics;
import io.tidegate.ledger.MetricsQuery.Subject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What can be asked for in a count. Rates are per second.
enum Measure {
  COUNT,
  RATE,
  SUCCESSFUL_COUNT,
  FAILED_COUNT,
  ERROR_RATE,
  FIRST_ATTEMPT_COUNT,
  RETRY_COUNT,
  MANUAL_RETRY_COUNT,
  AVG_ATTEMPT_NUMBER,
  SUCCESSFUL_RATE,
  FAILED_RATE;

  private static final double DIGITS = 1e6;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Nothing when there is none of that name.
  static Optional<Measure> of(String word, Subject subject) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word))
        .filter(each -> subject == Subject.ATTEMPTS || each == COUNT || each == RATE)
        .findFirst();
  }

  void write(Metrics.Point point, ObjectNode metrics) {
    var counts = point.counts();
    var failed = counts.count() - counts.delivered();
    switch (this) {
      case COUNT -> metrics.put(word(), counts.count());
      case SUCCESSFUL_COUNT -> metrics.put(word(), counts.delivered());
      case FAILED_COUNT -> metrics.put(word(), failed);
      case FIRST_ATTEMPT_COUNT -> metrics.put(word(), counts.first());
      case RETRY_COUNT -> metrics.put(word(), counts.retries());
      case MANUAL_RETRY_COUNT -> metrics.put(word(), counts.manual());
      case ERROR_RATE -> metrics.put(word(), ratio(failed, (double) counts.count()));
      case AVG_ATTEMPT_NUMBER ->
          metrics.put(word(), ratio(counts.numbers(), (double) counts.count()));
      case RATE -> metrics.put(word(), ratio(counts.count(), point.seconds()));
      case SUCCESSFUL_RATE -> metrics.put(word(), ratio(counts.delivered(), point.seconds()));
      case FAILED_RATE -> metrics.put(word(), ratio(failed, point.seconds()));
    }
  }

  private static double ratio(long part, double whole) {
    return whole == 0 ? 0 : Math.rint(part / whole * DIGITS) / DIGITS;
  }
}
