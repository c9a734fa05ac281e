package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A `kafka-http` binding: each record of its topics becomes a request to the URL in its key.
///
/// @param name `namespace:binding`
/// @param group the consumer group that shares the partitions
/// @param routes in order; the first that matches a record is taken
/// @param deadLetters the topic for records that were given up
public record Pump(
    String name,
    String cluster,
    String group,
    List<Route> routes,
    Ordering ordering,
    String idempotencyHeader,
    Retry retry,
    Patience patience,
    Limits limits,
    Breaker breaker,
    Signing signing,
    Optional<String> deadLetters) {
  public Pump {
    routes = List.copyOf(routes);
  }

  /// @param key of the record, as text
  /// @param headers all of them must match
  /// @param scheme forced on every request, like the two that follow
  public record Route(
      String topic,
      Optional<Pattern> key,
      List<HttpService.HeaderPattern> headers,
      Optional<String> replyTo,
      Optional<String> method,
      Optional<String> scheme,
      Optional<String> authority,
      Optional<String> path,
      List<HeaderTemplate> overrides,
      OutboundHttp exit) {
    public Route {
      headers = List.copyOf(headers);
      overrides = List.copyOf(overrides);
    }
  }

  /// What must stay in order.
  public sealed interface Ordering {
    /// Records of one key.
    record Key() implements Ordering {}

    /// Nothing.
    record None() implements Ordering {}

    /// Records with one value of this header; those without it, by key.
    record ByHeader(String name) implements Ordering {}
  }

  /// When a request that failed is sent again, and when it is given up.
  ///
  /// @param attempts at most; empty: until it expires
  /// @param initial the first wait; each further one is `factor` times as long, up to `max`
  /// @param jitter share of a wait, 0 to 1, by which it is made longer or shorter at random
  /// @param expire after the record's timestamp
  /// @param permanent statuses that are given up at once, besides 410
  /// @param blocks a lane whose request is given up waits for the operator instead of going on
  public record Retry(
      OptionalInt attempts,
      Duration initial,
      double factor,
      Duration max,
      double jitter,
      Duration expire,
      List<StatusRange> permanent,
      boolean blocks) {
    public Retry {
      permanent = List.copyOf(permanent);
    }
  }

  /// Both included.
  public record StatusRange(int first, int last) {}

  /// How long each step of a request may take.
  public record Patience(Duration connect, Duration tls, Duration firstByte, Duration total) {}

  /// @param inFlight requests on their way, all together
  /// @param perAuthority of them, to one host and port
  /// @param perKey of them, for one key; more than one only without order
  /// @param perSecond requests to one host and port
  /// @param replyBytes of a reply's body that are read
  public record Limits(
      int inFlight, int perAuthority, int perKey, OptionalDouble perSecond, int replyBytes) {}

  /// Stops sending to a host and port that only fails, and tries it now and then.
  ///
  /// @param failures in a row that open it; 0: never
  /// @param pause before the first probe; doubled up to `max` while probes fail
  public record Breaker(int failures, Duration pause, Duration max) {}

  /// How requests are signed.
  ///
  /// @param rules the first whose URL pattern matches is taken
  /// @param topic that holds further secrets, sealed, by URL pattern
  public record Signing(List<Rule> rules, Optional<String> topic) {
    public static final Signing NONE = new Signing(List.of(), Optional.empty());

    public Signing {
      rules = List.copyOf(rules);
    }
  }

  /// Judges what only the rooms behind the plan know: presets and their secrets.
  @FunctionalInterface
  public interface Check {
    Check NOTHING = _ -> List.of();

    /// What is wrong, a sentence each, without the secrets.
    List<String> faults(Rule rule);
  }

  /// @param preset `standard-webhooks`, `svix` or `hmac`
  /// @param parameters of `hmac`
  /// @param secrets newest first; all of them sign
  public record Rule(
      Pattern url, String preset, Map<String, String> parameters, List<Secret> secrets) {
    public Rule {
      parameters = Map.copyOf(parameters);
      secrets = List.copyOf(secrets);
    }
  }
}
