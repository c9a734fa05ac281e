package io.tidegate.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A pump as people read it. Shows no secrets.
final class PumpText {
  private static final int MIB = 1 << 20;

  private PumpText() {}

  static List<String> of(Pump pump) {
    var lines = new ArrayList<String>();
    lines.add("%s, group %s on %s".formatted(pump.name(), pump.group(), pump.cluster()));
    pump.routes()
        .forEach(route -> {
          lines.add("  " + route(route));
          lines.add("    through " + exit(route.exit()));
        });
    lines.add("  " + ordering(pump.ordering()) + ", " + retry(pump.retry()));
    lines.add("  " + patience(pump.patience()) + "; " + limits(pump.limits()));
    lines.add("  " + breaker(pump.breaker()));
    pump.signing().rules().forEach(rule -> lines.add("  " + rule(rule)));
    pump.signing().topic().ifPresent(topic -> lines.add("  further secrets from " + topic));
    pump.deadLetters().ifPresent(topic -> lines.add("  dead letters in " + topic));
    return lines;
  }

  static List<String> of(Destinations destinations) {
    var pump = destinations.pump();
    var lines = new ArrayList<String>();
    lines.add("%s on %s".formatted(pump.name(), pump.cluster()));
    lines.add(
        destinations.topics().isEmpty()
            ? "  any topic"
            : "  topics %s; others are %s"
                .formatted(
                    String.join(", ", destinations.topics()),
                    destinations.strict() ? "refused" : "let through"));
    lines.add(
        "  at most %d destinations of a tenant, signed as %s, %s"
            .formatted(
                destinations.mostDestinations(), destinations.signature(), ordering(destinations)));
    lines.add("  of type " + String.join(", ", destinations.types()));
    destinations
        .sources()
        .forEach(source ->
            lines.add(
                "  events from %s: tenant by %s, topic by %s, id by %s"
                    .formatted(
                        source.topic(),
                        source.tenant().spoken(),
                        source.eventTopic().spoken(),
                        source.id().spoken())));
    lines.add("  through " + exit(destinations.exit()));
    lines.add("  " + retry(pump.retry()));
    lines.add("  " + patience(pump.patience()) + "; " + limits(pump.limits()));
    lines.add("  " + breaker(pump.breaker()));
    lines.add("  " + disabling(destinations.disabling()));
    destinations.portal().ifPresent(url -> lines.add("  portal " + url));
    return lines;
  }

  private static String ordering(Destinations destinations) {
    return destinations
        .order()
        .map(field -> "in order for each destination and " + field)
        .orElseGet(() ->
            ordering(destinations.pump().ordering()).replace("by key", "for each destination"));
  }

  private static String disabling(Destinations.Disabling rule) {
    return rule.failures() == 0
        ? "disabled by 410, else by people alone"
        : "disabled by %d failures in a row for %s, or by failures for %s, or by 410"
            .formatted(rule.failures(), spoken(rule.lasting()), spoken(rule.atMost()));
  }

  private static String route(Pump.Route route) {
    var where = new ArrayList<String>();
    route.key().ifPresent(key -> where.add("key is " + key));
    route.headers().forEach(it -> where.add(it.name() + " is " + it.pattern()));
    return "%s%s -> %s %s%s%s"
        .formatted(
            route.topic(),
            where.isEmpty() ? "" : " where " + String.join(" and ", where),
            route.method().orElse("POST"),
            target(route),
            route.overrides().stream()
                .map(it -> ", " + it.name() + ": " + it.value())
                .collect(Collectors.joining()),
            route.replyTo().map(topic -> ", replies in " + topic).orElse(""));
  }

  private static String target(Pump.Route route) {
    if (route.scheme().isEmpty() && route.authority().isEmpty() && route.path().isEmpty()) {
      return "the URL in its key";
    }
    return route.scheme().orElse("{scheme}")
        + "://"
        + route.authority().orElse("{authority}")
        + route.path().orElse("{path}");
  }

  private static String exit(OutboundHttp exit) {
    var parts = new ArrayList<String>();
    exit.fixed().ifPresent(it -> parts.add("always to " + it.host() + ":" + it.port()));
    parts.add(exit.tls().isPresent() ? "http or https" : "http only");
    parts.add(addresses(exit.addresses()));
    exit.authorization().ifPresent(it -> parts.add(it.header() + " by " + it.guard()));
    exit.proxy().ifPresent(it -> parts.add("proxy " + it.host() + ":" + it.port()));
    return exit.name() + ": " + String.join(", ", parts);
  }

  private static String addresses(OutboundHttp.Addresses addresses) {
    var allow = addresses.allow().isEmpty() ? "" : " and " + String.join(" ", addresses.allow());
    var deny = addresses.deny().isEmpty() ? "" : ", never " + String.join(" ", addresses.deny());
    return "public addresses" + allow + deny;
  }

  private static String ordering(Pump.Ordering ordering) {
    return switch (ordering) {
      case Pump.Ordering.Key _ -> "in order by key";
      case Pump.Ordering.None _ -> "in no order";
      case Pump.Ordering.ByHeader(var name) -> "in order by header " + name;
    };
  }

  private static String retry(Pump.Retry retry) {
    var attempts =
        retry.attempts().isPresent()
            ? "at most " + retry.attempts().getAsInt() + " attempts"
            : "attempts";
    var permanent =
        retry.permanent().isEmpty()
            ? ""
            : ", never after "
                + retry.permanent().stream().map(PumpText::range).collect(Collectors.joining(" "));
    return "%s within %s, waits of %s times %s up to %s%s, then %s"
        .formatted(
            attempts,
            spoken(retry.expire()),
            spoken(retry.initial()),
            plain(retry.factor()),
            spoken(retry.max()),
            permanent,
            retry.blocks() ? "the lane waits for the operator" : "the next");
  }

  private static String range(Pump.StatusRange range) {
    return range.first() == range.last()
        ? Integer.toString(range.first())
        : range.first() + "-" + range.last();
  }

  private static String patience(Pump.Patience patience) {
    return "connect %s, tls %s, first byte %s, all of it %s"
        .formatted(
            spoken(patience.connect()),
            spoken(patience.tls()),
            spoken(patience.firstByte()),
            spoken(patience.total()));
  }

  private static String limits(Pump.Limits limits) {
    return "%d in flight, %d to one server, %d of one key%s, %s of a reply"
        .formatted(
            limits.inFlight(),
            limits.perAuthority(),
            limits.perKey(),
            limits.perSecond().isPresent()
                ? ", " + plain(limits.perSecond().getAsDouble()) + " a second to one server"
                : "",
            size(limits.replyBytes()));
  }

  private static String breaker(Pump.Breaker breaker) {
    return breaker.failures() == 0
        ? "no breaker"
        : "breaker opens after %d failures for %s, up to %s"
            .formatted(breaker.failures(), spoken(breaker.pause()), spoken(breaker.max()));
  }

  private static String rule(Pump.Rule rule) {
    var secrets = rule.secrets().size();
    return "%s signed by %s with %d %s"
        .formatted(rule.url(), rule.preset(), secrets, secrets == 1 ? "secret" : "secrets");
  }

  private static String size(int bytes) {
    return bytes % MIB == 0
        ? bytes / MIB + " MiB"
        : bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " bytes";
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? Long.toString(Math.round(number))
        : Double.toString(number);
  }

  private static String spoken(Duration duration) {
    var seconds = duration.toSeconds();
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + " ms";
    }
    return seconds % 3600 == 0
        ? seconds / 3600 + " h"
        : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
