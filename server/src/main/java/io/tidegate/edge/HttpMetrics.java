package io.tidegate.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tidegate.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/// Counts and times the requests of one listener.
///
/// Each event loop counts for itself, without a contended or even an atomic step; the registry adds
/// up when it is asked. (A Micrometer timer on every request was a tenth of the cost of a request.)
/// Durations are counted in buckets with the label `le`, as `histogram_quantile` wants them.
///
/// Takes its place in the registry with the first request, and so from a predecessor of that name.
public final class HttpMetrics implements AccessLog {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");
  private static final List<String> OUTCOMES = List.of("gone", "2xx", "3xx", "4xx", "5xx");
  private static final long[] BUCKET_MILLIS = {1, 5, 10, 50, 100, 500, 1_000, 5_000, 30_000};
  private static final int KINDS = METHODS.size() * OUTCOMES.size();

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<LoopCounts> loops = new CopyOnWriteArrayList<>();
  private final ThreadLocal<LoopCounts> mine = ThreadLocal.withInitial(this::join);
  private final boolean[] seen = new boolean[KINDS];

  /// @param listener goes into the tag of that name
  public HttpMetrics(MeterRegistry registry, String listener) {
    this.registry = registry;
    this.tags = Tags.of("listener", listener);
  }

  @Override
  public void began() {
    mine.get().began();
  }

  @Override
  public void accepted(Request request, Optional<String> identity) {}

  @Override
  public void replied(Request request, Completion completion) {
    int kind = method(request.method()) * OUTCOMES.size() + outcome(completion.status());
    if (mine.get().replied(kind, bucket(completion.nanos()), completion) == 1) {
      register(kind);
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

  private static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BUCKET_MILLIS.length && nanos > BUCKET_MILLIS[bucket] * 1_000_000) {
      bucket++;
    }
    return bucket;
  }

  private synchronized LoopCounts join() {
    if (loops.isEmpty()) {
      registerTotals();
    }
    var counts = new LoopCounts(KINDS, BUCKET_MILLIS.length + 1);
    loops.add(counts);
    return counts;
  }

  private long sum(ToLongFunction<LoopCounts> of) {
    return loops.stream().mapToLong(of).sum();
  }

  private void registerTotals() {
    makeWay("http.server.active.requests", tags);
    Gauge.builder("http.server.active.requests", () -> sum(LoopCounts::active))
        .description("Requests in work")
        .tags(tags)
        .register(registry);
    counter("http.server.received", "Bytes of request bodies", tags, LoopCounts::received);
    counter("http.server.sent", "Bytes of reply bodies", tags, LoopCounts::sent);
    for (int i = 0; i <= BUCKET_MILLIS.length; i++) {
      int last = i;
      var le = i == BUCKET_MILLIS.length ? "+Inf" : Double.toString(BUCKET_MILLIS[i] / 1e3);
      counter(
          "http.server.requests.within",
          "Requests that took so many seconds at most",
          tags.and("le", le),
          counts -> counts.within(last));
    }
  }

  private void counter(String name, String what, Tags under, ToLongFunction<LoopCounts> of) {
    makeWay(name, under);
    FunctionCounter.builder(name, this, metrics -> (double) metrics.sum(of))
        .description(what)
        .baseUnit(name.endsWith("within") ? null : "bytes")
        .tags(under)
        .register(registry);
  }

  private synchronized void register(int kind) {
    if (seen[kind]) {
      return;
    }
    seen[kind] = true;
    var under =
        tags.and("method", METHODS.get(kind / OUTCOMES.size()))
            .and("status", OUTCOMES.get(kind % OUTCOMES.size()));
    makeWay("http.server.requests", under);
    FunctionTimer.builder(
            "http.server.requests",
            this,
            metrics -> metrics.sum(counts -> counts.count(kind)),
            metrics -> (double) metrics.sum(counts -> counts.nanos(kind)),
            TimeUnit.NANOSECONDS)
        .description("Requests, by how they ended, and how long they took")
        .tags(under)
        .register(registry);
  }

  private void makeWay(String name, Tags under) {
    var present = registry.find(name).tags(under).meters();
    present.stream().map(Meter::getId).forEach(registry::remove);
  }
}
