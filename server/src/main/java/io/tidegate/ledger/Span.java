package io.tidegate.ledger;

/// A span of time in milliseconds since 1970.
///
/// @param from the first
/// @param to the one after the last
public record Span(long from, long to) {
  public static final Span ALL = new Span(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);

  public Span after(long millis) {
    return new Span(Math.max(from, millis), to);
  }

  public Span before(long millis) {
    return new Span(from, Math.min(to, millis));
  }
}
