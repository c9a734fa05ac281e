package io.tidegate.app;

import io.tidegate.plan.Listener;
import io.tidegate.plan.Plan;
import io.tidegate.plan.Pump;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `up` prints once everything runs: where to look and what to try.
final class Banner {
  private Banner() {}

  static String of(Plan plan, Gateway gateway, @Nullable String file) {
    var out = new StringBuilder("\nTidegate " + Version.number() + " is up.\n\n");
    for (var listener : plan.listeners()) {
      for (var port : gateway.ports(listener)) {
        row(out, word(listener), scheme(listener) + "://" + listener.host() + ":" + port);
      }
    }
    for (var pump : plan.pumps()) {
      row(out, "out", "topic " + topics(pump) + "   (records go to the URLs in their keys)");
    }
    gateway
        .kafka()
        .ifPresent(kafka -> row(out, "Kafka", kafka + "   (try: kcat -b " + kafka + " -L)"));
    gateway.admin().ifPresent(admin -> row(out, "admin", "http://" + admin + "/health  /metrics"));
    gateway
        .newKey()
        .ifPresent(key -> row(out, "key", key.reveal() + "   (admin.key in the data; shown once)"));
    if (file == null) {
      out.append(tryThis());
    }
    out.append("\nCtrl-C stops it.\n");
    return out.toString();
  }

  private static void row(StringBuilder out, String what, String where) {
    out.append("  %-6s %s%n".formatted(what, where));
  }

  private static String topics(Pump pump) {
    return pump.routes().stream()
        .map(Pump.Route::topic)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String word(Listener listener) {
    return switch (listener.service()) {
      case Listener.Service.Http _ -> "HTTP";
      case Listener.Service.Echo _ -> "echo";
    };
  }

  private static String scheme(Listener listener) {
    return switch (listener.service()) {
      case Listener.Service.Http _ -> "http";
      case Listener.Service.Echo _ -> "tcp";
    };
  }

  private static String tryThis() {
    return """

    Try, in another shell:
      curl -X PUT localhost:7114/items/1 -H 'content-type: application/json' -d '{"tide":"high"}'
      curl -i localhost:7114/items/1
      curl localhost:7114/items
    """;
  }
}
