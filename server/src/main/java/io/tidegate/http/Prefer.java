package io.tidegate.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a caller would like (`prefer`, RFC 7240): to be answered later, to be kept waiting.
///
/// Preferences may be separated by commas or by semicolons, and may come in several fields. What is
/// not understood is passed over, as the RFC asks.
///
/// @param patience for how long the caller is ready to wait; empty when it did not say
public record Prefer(boolean respondAsync, Optional<Duration> patience) {
  public static final Prefer NOTHING = new Prefer(false, Optional.empty());

  private static final int MOST_DIGITS = 9;

  public static Prefer of(Headers headers) {
    var said = headers.joined("prefer");
    return said.isEmpty() ? NOTHING : parse(said.get());
  }

  /// The same, with the wait held to `most`.
  public Prefer atMost(Duration most) {
    return patience.isPresent() && patience.get().compareTo(most) > 0
        ? new Prefer(respondAsync, Optional.of(most))
        : this;
  }

  private static Prefer parse(String said) {
    var async = false;
    var wait = Optional.<Duration>empty();
    for (var preference : said.split("[,;]", -1)) {
      var equals = preference.indexOf('=');
      var name = (equals < 0 ? preference : preference.substring(0, equals)).strip();
      if (equals < 0 && name.equalsIgnoreCase("respond-async")) {
        async = true;
      } else if (wait.isEmpty() && name.toLowerCase(Locale.ROOT).equals("wait")) {
        wait = seconds(preference.substring(equals + 1).strip());
      }
    }
    return new Prefer(async, wait);
  }

  private static Optional<Duration> seconds(String text) {
    var digits =
        text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    var bounded = digits.length() > MOST_DIGITS ? "9".repeat(MOST_DIGITS) : digits;
    return Optional.of(Duration.ofSeconds(Long.parseLong(bounded)));
  }
}
