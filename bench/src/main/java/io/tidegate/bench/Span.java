package io.tidegate.bench;

import java.time.Duration;

/// One stretch of load: `[start, from)` is not measured, `[from, until)` is.
record Span(long start, long from, long until) {

  static Span of(long start, Duration lead, Duration measured) {
    var from = start + lead.toNanos();
    return new Span(start, from, from + measured.toNanos());
  }

  boolean measures(long moment) {
    return moment >= from && moment < until;
  }

  double measuredSeconds() {
    return (until - from) / 1e9;
  }
}
