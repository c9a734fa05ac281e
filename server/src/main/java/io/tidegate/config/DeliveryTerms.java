package io.tidegate.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How long, how often and how many at a time something is sent. Defaults are filled in.
public record DeliveryTerms(Retry retry, Timeouts timeouts, Limits limits, Breaker breaker) {

  /// @param attempts empty: as many as there are until it expires
  /// @param jitter share of a wait
  /// @param blocks what comes after a request that was given up
  public record Retry(
      Place place,
      Optional<Long> attempts,
      Duration initial,
      double factor,
      Duration max,
      double jitter,
      Duration expire,
      List<Statuses> permanent,
      boolean blocks) {}

  /// From `first` to `last`, both included.
  public record Statuses(int first, int last) {}

  public record Timeouts(
      Place place, Duration connect, Duration tls, Duration firstByte, Duration total) {}

  /// @param perKey empty: one, or as many as go to one authority where there is no order
  /// @param rate requests a second
  /// @param response bytes that are read
  public record Limits(
      Place place,
      long inFlight,
      long perAuthority,
      Optional<Long> perKey,
      Optional<Double> rate,
      long response) {}

  /// @param failures 0 turns it off
  public record Breaker(Place place, long failures, Duration pause, Duration max) {}

  private static final Duration DAY = Duration.ofDays(1);
  private static final String STATUSES = "a status from 300 to 599, or a range such as \"400-404\"";
  private static final Pattern RANGE = Pattern.compile("(\\d{3})(?:\\s*-\\s*(\\d{3}))?");

  /// Reads the sections of `options` that say so.
  static DeliveryTerms read(Mapping options) {
    return new DeliveryTerms(
        options.section("retry", DeliveryTerms::retry),
        options.section("timeouts", DeliveryTerms::timeouts),
        options.section("limits", DeliveryTerms::limits),
        options.section("breaker", DeliveryTerms::breaker));
  }

  private static Retry retry(Mapping retry) {
    var initial = retry.or("initial", between(10, DAY), Duration.ofSeconds(1));
    var max = retry.or("max", between(10, DAY.multipliedBy(7)), atLeast(initial, 3600));
    if (max.compareTo(initial) < 0) {
      retry.fault("'max' is shorter than 'initial'", "a 'max' that can be reached");
    }
    return new Retry(
        retry.place(),
        retry.optional("attempts", Form.number(1, 1_000_000)),
        initial,
        retry.or("factor", Form.decimal(1, 100), 2.0),
        max,
        retry.or("jitter", Form.decimal(0, 1), 0.2),
        retry.or("expire", between(1000, DAY.multipliedBy(365)), DAY),
        retry.or(
            "permanent", Form.oneOrMore(Form.of(STATUSES, DeliveryTerms::statuses)), List.of()),
        retry.or("exhausted", Form.word("skip", "block"), "skip").equals("block"));
  }

  private static Duration atLeast(Duration least, long seconds) {
    var usual = Duration.ofSeconds(seconds);
    return least.compareTo(usual) > 0 ? least : usual;
  }

  private static Statuses statuses(Value value) {
    var matcher = RANGE.matcher(value.scalar(STATUSES).orElse("400"));
    if (!matcher.matches()) {
      value.fault("found " + value.described(), STATUSES);
      return new Statuses(400, 400);
    }
    var first = Integer.parseInt(matcher.group(1));
    var last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    if (first < 300 || last > 599 || first > last) {
      value.fault("found " + value.described(), STATUSES);
    }
    return new Statuses(first, last);
  }

  private static Timeouts timeouts(Mapping timeouts) {
    var step = between(10, Duration.ofMinutes(10));
    var total = timeouts.or("total", between(10, Duration.ofHours(1)), Duration.ofSeconds(30));
    return new Timeouts(
        timeouts.place(),
        within(timeouts, "connect", step, 5, total),
        within(timeouts, "tls", step, 5, total),
        within(timeouts, "first-byte", step, 15, total),
        total);
  }

  /// A step that takes longer than the whole is never noticed.
  private static Duration within(
      Mapping timeouts, String key, Form<Duration> form, long seconds, Duration total) {
    var given = timeouts.optional(key, form);
    if (given.isPresent() && given.get().compareTo(total) > 0) {
      timeouts.fault(Fault.quote(key) + " is longer than 'total' and is never reached", "less");
    }
    var usual = Duration.ofSeconds(seconds);
    return given.orElse(usual.compareTo(total) > 0 ? total : usual);
  }

  private static Limits limits(Mapping limits) {
    var many = Form.number(1, 100_000);
    var inFlight = limits.or("in-flight", many, 512L);
    var perAuthority = limits.optional("per-authority", many);
    var perKey = limits.optional("per-key", many);
    var most = perAuthority.orElse(Math.min(64, inFlight));
    if (most > inFlight) {
      limits.fault("'per-authority' is more than 'in-flight' and is never reached", "less");
    } else if (perKey.orElse(1L) > most) {
      limits.fault("'per-key' is more than 'per-authority' and is never reached", "less");
    }
    return new Limits(
        limits.place(),
        inFlight,
        most,
        perKey,
        limits.optional("rate", Form.decimal(0.001, 1_000_000)),
        limits.or("response", WebhookTerms.size(1024, 16 << 20), 64L << 10));
  }

  private static Breaker breaker(Mapping breaker) {
    var pause = breaker.or("pause", between(10, DAY), Duration.ofSeconds(10));
    var max = breaker.or("max", between(10, DAY), atLeast(pause, 300));
    if (max.compareTo(pause) < 0) {
      breaker.fault("'max' is shorter than 'pause'", "a 'max' that can be reached");
    }
    return new Breaker(
        breaker.place(), breaker.or("failures", Form.number(0, 100_000), 10L), pause, max);
  }

  private static Form<Duration> between(long leastMillis, Duration most) {
    var least = Duration.ofMillis(leastMillis);
    var expected = "a duration from " + Form.spoken(least) + " to " + Form.spoken(most);
    return Form.of(
        expected,
        value -> {
          var duration = Form.DURATION.read(value);
          var isRead =
              value.yaml() instanceof Yaml.Scalar scalar
                  && Form.DURATION_TEXT.matcher(scalar.text()).matches();
          if (isRead && (duration.compareTo(least) < 0 || duration.compareTo(most) > 0)) {
            value.fault("found " + value.described(), expected);
          }
          return duration;
        });
  }
}
