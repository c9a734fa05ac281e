package io.tidegate.app;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a receiver behaves.
///
/// @param failure what it answers when it fails; empty: it hangs up without an answer
/// @param first so many requests fail, then no more
/// @param rate share of requests that fail
/// @param delay before it answers anything
/// @param retryAfter said with failures, in seconds
record Manner(
    OptionalInt failure, int first, double rate, Duration delay, Optional<Integer> retryAfter) {
  private static final Pattern DELAY = Pattern.compile("(\\d{1,6})(ms|s|m)");
  private static final int UNAVAILABLE = 503;

  /// What is said on the command line. Alone, a status or a drop is for every request; with `first`
  /// or `rate` it is what failures look like.
  record Words(
      @Nullable Integer status,
      boolean drop,
      @Nullable Integer first,
      @Nullable Double rate,
      @Nullable String delay,
      @Nullable Integer retryAfter) {

    Manner manner() {
      var given = status == null ? OptionalInt.empty() : OptionalInt.of(check(status));
      var always = first == null && rate == null && (drop || fails(given));
      return new Manner(
          drop ? OptionalInt.empty() : OptionalInt.of(given.orElse(UNAVAILABLE)),
          always ? Integer.MAX_VALUE : first == null ? 0 : first,
          rate == null ? 0 : share(rate),
          delay == null ? Duration.ZERO : duration(delay),
          Optional.ofNullable(retryAfter));
    }

    private static boolean fails(OptionalInt given) {
      return given.isPresent();
    }
  }

  private static int check(int status) {
    if (status < 200 || status > 599) {
      throw new UserFault("a status is a number from 200 to 599, not " + status);
    }
    return status;
  }

  private static double share(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new UserFault("a rate is a number from 0 to 1, not " + rate);
    }
    return rate;
  }

  private static Duration duration(String text) {
    var matcher = DELAY.matcher(text);
    if (!matcher.matches()) {
      throw new UserFault("a delay is a duration such as 500ms, 2s or 1m, not '" + text + "'");
    }
    var amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  /// Reads `500`, `drop`, `503,first:2`, `rate:0.3,delay:2s,retry-after:5`.
  static Manner parse(String text) {
    var words = new Words(null, false, null, null, null, null);
    for (var word : text.split(",", -1)) {
      words = with(words, word.strip(), text);
    }
    return words.manner();
  }

  private static Words with(Words so, String word, String text) {
    var colon = word.indexOf(':');
    var name = colon < 0 ? word : word.substring(0, colon);
    var value = colon < 0 ? "" : word.substring(colon + 1);
    try {
      return switch (name) {
        case "drop" -> new Words(so.status, true, so.first, so.rate, so.delay, so.retryAfter);
        case "first" ->
            new Words(so.status, so.drop, Integer.valueOf(value), so.rate, so.delay, so.retryAfter);
        case "rate" ->
            new Words(so.status, so.drop, so.first, Double.valueOf(value), so.delay, so.retryAfter);
        case "delay" -> new Words(so.status, so.drop, so.first, so.rate, value, so.retryAfter);
        case "retry-after" ->
            new Words(so.status, so.drop, so.first, so.rate, so.delay, Integer.valueOf(value));
        default ->
            new Words(Integer.valueOf(name), so.drop, so.first, so.rate, so.delay, so.retryAfter);
      };
    } catch (NumberFormatException _) {
      throw new UserFault(
          "'"
              + text
              + "' is no way to answer; such as 503, or drop, with first:N, rate:0.3, delay:2s and"
              + " retry-after:N after commas");
    }
  }

  /// @param number of the request, from 1
  /// @param chance from 0 to 1
  boolean failsAt(long number, double chance) {
    return number <= first || chance < rate;
  }

  @Override
  public String toString() {
    var what = failure.isPresent() ? "status " + failure.getAsInt() : "no answer";
    var when =
        first == Integer.MAX_VALUE
            ? what + " always"
            : first > 0 && rate > 0
                ? what + " for the first " + first + " and then for " + rate
                : first > 0
                    ? what + " for the first " + first
                    : rate > 0 ? what + " for a share of " + rate : "status 200";
    return when
        + (delay.isZero() ? "" : ", after " + delay.toMillis() + " ms")
        + retryAfter.map(seconds -> ", retry-after " + seconds).orElse("");
  }
}
