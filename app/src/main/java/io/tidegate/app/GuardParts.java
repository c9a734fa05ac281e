package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.guard.Guard;
import io.tidegate.guard.Guards;
import io.tidegate.guard.InlineGuard;
import io.tidegate.guard.JwtGuard;
import io.tidegate.guard.OAuthGuard;
import io.tidegate.guard.X509Guard;
import io.tidegate.http.Client;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.OutboundHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Guards as parts: one of each, whoever asks it, so that keys are fetched once.
final class GuardParts {
  private final Function<OutboundHttp, Client> dial;
  private final MeterRegistry metrics;
  private final Map<String, Guard> running = new ConcurrentHashMap<>();

  /// @param dial makes a client for a way out
  GuardParts(Function<OutboundHttp, Client> dial, MeterRegistry metrics) {
    this.dial = dial;
    this.metrics = metrics;
  }

  static String partId(String name) {
    return "guard " + name;
  }

  Part part(GuardSpec spec) {
    return new Part(partId(spec.name()), spec, List.of(), () -> start(spec));
  }

  private Part.Running start(GuardSpec spec) {
    return switch (spec) {
      case GuardSpec.Inline inline -> keep(new InlineGuard(inline), () -> {});
      case GuardSpec.OAuth2 oauth -> {
        var client = dial.apply(oauth.outbound());
        var guard = new OAuthGuard(oauth, client, Time.system(), metrics);
        yield keep(
            guard,
            () -> {
              guard.close();
              client.close();
            });
      }
      case GuardSpec.X509 x509 -> keep(new X509Guard(x509, Time.system()), () -> {});
      case GuardSpec.Jwt jwt -> {
        var guard = new JwtGuard(jwt, Time.system()).start();
        yield keep(guard, guard::close);
      }
    };
  }

  private Part.Running keep(Guard guard, Runnable close) {
    running.put(guard.name(), guard);
    return () -> {
      running.remove(guard.name());
      close.run();
    };
  }

  /// How long before its end a session of that guard is asked to be renewed.
  Optional<Duration> challenge(String name) {
    return guards().find(name).flatMap(Guard::challenge);
  }

  /// Those that run.
  Guards guards() {
    return Guards.of(running.values());
  }
}
