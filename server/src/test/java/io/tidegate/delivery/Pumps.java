package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.HttpService.HeaderPattern;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.Pump;
import io.tidegate.plan.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pumps for tests, said in a few words, and records for them.
final class Pumps {
  static final String TOPIC = "webhook-requests";
  static final String REPLIES = "webhook-responses";
  static final String DEAD = "webhook-dead";
  static final String URL = "https://hooks.shop.example/in";
  static final long NOON = 1_700_000_000_000L;

  private List<Pump.Route> routes = List.of(new Routes().replyTo(REPLIES).build());
  private Pump.Ordering ordering = new Pump.Ordering.Key();
  private List<Pump.StatusRange> permanent = List.of();
  private Pump.Signing signing = Pump.Signing.NONE;
  private String idempotency = "Idempotency-Key";
  private Optional<String> deadLetters = Optional.of(DEAD);

  Pumps routes(Pump.Route... given) {
    routes = List.of(given);
    return this;
  }

  Pumps ordering(Pump.Ordering given) {
    ordering = given;
    return this;
  }

  Pumps permanent(int first, int last) {
    permanent = List.of(new Pump.StatusRange(first, last));
    return this;
  }

  Pumps signing(@Nullable String topic, Pump.Rule... rules) {
    signing = new Pump.Signing(List.of(rules), Optional.ofNullable(topic));
    return this;
  }

  Pumps idempotency(String header) {
    idempotency = header;
    return this;
  }

  Pump build() {
    return new Pump(
        "demo:west_webhooks",
        "demo",
        "tidegate:demo-west_webhooks",
        routes,
        ordering,
        idempotency,
        new Pump.Retry(
            OptionalInt.of(20),
            Duration.ofSeconds(1),
            2,
            Duration.ofHours(1),
            0.2,
            Duration.ofHours(24),
            permanent,
            false),
        new Pump.Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30)),
        new Pump.Limits(512, 64, 1, OptionalDouble.empty(), 64 << 10),
        new Pump.Breaker(10, Duration.ofSeconds(5), Duration.ofMinutes(5)),
        signing,
        deadLetters);
  }

  static Pump.Rule rule(String url, String preset, Map<String, String> how, String... secrets) {
    var all = java.util.Arrays.stream(secrets).map(Secret::new).toList();
    return new Pump.Rule(Pattern.of(url), preset, how, all);
  }

  static Stored record(@Nullable String key, @Nullable String value, String... headers) {
    var all = new ArrayList<Header>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Header.of(headers[i], headers[i + 1]));
    }
    return new Stored(
        0,
        42,
        NOON,
        key == null ? null : Bytes.utf8(key),
        all,
        value == null ? null : Bytes.utf8(value));
  }

  /// One route; everything is optional.
  static final class Routes {
    private Optional<Pattern> key = Optional.empty();
    private final List<HeaderPattern> headers = new ArrayList<>();
    private Optional<String> replyTo = Optional.empty();
    private Optional<String> method = Optional.empty();
    private Optional<String> scheme = Optional.empty();
    private Optional<String> authority = Optional.empty();
    private Optional<String> path = Optional.empty();
    private final List<HeaderTemplate> overrides = new ArrayList<>();
    private final List<HeaderTemplate> forced = new ArrayList<>();
    private Optional<OutboundHttp.Authorization> authorization = Optional.empty();

    Routes key(String pattern) {
      key = Optional.of(Pattern.of(pattern));
      return this;
    }

    Routes header(String name, String pattern) {
      headers.add(new HeaderPattern(name, Pattern.of(pattern)));
      return this;
    }

    Routes replyTo(String topic) {
      replyTo = Optional.of(topic);
      return this;
    }

    Routes method(String given) {
      method = Optional.of(given);
      return this;
    }

    Routes to(@Nullable String scheme, @Nullable String authority, @Nullable String path) {
      this.scheme = Optional.ofNullable(scheme);
      this.authority = Optional.ofNullable(authority);
      this.path = Optional.ofNullable(path);
      return this;
    }

    Routes override(String name, Template.Part... value) {
      overrides.add(new HeaderTemplate(name, new Template(List.of(value))));
      return this;
    }

    Routes forced(String name, String value) {
      forced.add(new HeaderTemplate(name, Template.text(value)));
      return this;
    }

    Routes authorization(String guard, String header, String pattern) {
      authorization = Optional.of(new OutboundHttp.Authorization(guard, header, pattern));
      return this;
    }

    Pump.Route build() {
      var exit =
          new OutboundHttp(
              "demo:west_http_client",
              Optional.empty(),
              Optional.empty(),
              Set.of(),
              forced,
              authorization,
              OutboundHttp.Addresses.PUBLIC,
              Optional.empty());
      return new Pump.Route(
          TOPIC, key, headers, replyTo, method, scheme, authority, path, overrides, exit);
    }
  }
}
