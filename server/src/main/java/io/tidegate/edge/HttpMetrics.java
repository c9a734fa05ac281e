package io.tidegate.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.http.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts and times the requests of one listener. Meters are found once, not for each request.
///
/// Any thread.
public final class HttpMetrics implements AccessLog {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");
  private static final List<String> OUTCOMES = List.of("gone", "2xx", "3xx", "4xx", "5xx");
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final String listener;
  private final LongAdder active = new LongAdder();
  private final Counter received;
  private final Counter sent;
  private final AtomicReferenceArray<Timer> timers =
      new AtomicReferenceArray<>(METHODS.size() * OUTCOMES.size());

  /// @param listener goes into the tag of that name
  public HttpMetrics(MeterRegistry registry, String listener) {
    this.registry = registry;
    this.listener = listener;
    this.received =
        Counter.builder("http.server.request.size")
            .description("Bytes of request bodies")
            .baseUnit("bytes")
            .tag("listener", listener)
            .register(registry);
    this.sent =
        Counter.builder("http.server.response.size")
            .description("Bytes of reply bodies")
            .baseUnit("bytes")
            .tag("listener", listener)
            .register(registry);
    Gauge.builder("http.server.active.requests", active, LongAdder::sum)
        .description("Requests in work")
        .tag("listener", listener)
        .register(registry);
  }

  @Override
  public void began() {
    active.increment();
  }

  @Override
  public void accepted(Request request, Optional<String> identity) {}

  @Override
  public void replied(Request request, Completion completion) {
    active.decrement();
    timer(method(request.method()), outcome(completion.status()))
        .record(completion.nanos(), TimeUnit.NANOSECONDS);
    if (completion.received() > 0) {
      received.increment((double) completion.received());
    }
    if (completion.sent() > 0) {
      sent.increment((double) completion.sent());
    }
  }

  private static int method(String name) {
    return switch (name) {
      case "GET" -> 0;
      case "HEAD" -> 1;
      case "POST" -> 2;
      case "PUT" -> 3;
      case "PATCH" -> 4;
      case "DELETE" -> 5;
      case "OPTIONS" -> 6;
      default -> 7;
    };
  }

  private static int outcome(int status) {
    return status == GONE ? 0 : Math.clamp(status / 100 - 1, 1, OUTCOMES.size() - 1);
  }

  private Timer timer(int method, int outcome) {
    int index = method * OUTCOMES.size() + outcome;
    var known = timers.get(index);
    if (known != null) {
      return known;
    }
    var timer =
        Timer.builder("http.server.requests")
            .description("Requests, by how they ended and how long they took")
            .tag("listener", listener)
            .tag("method", METHODS.get(method))
            .tag("status", OUTCOMES.get(outcome))
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    timers.set(index, timer);
    return timer;
  }
}
