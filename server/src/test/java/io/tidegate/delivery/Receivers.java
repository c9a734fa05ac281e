package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// All receivers there are, as a sender that needs no network. A key is `authority/lane`; what a
/// record gets is decided by its value or by whoever was told to answer for the key.
final class Receivers implements Sender {
  /// What arrived: by key the values, in order of the attempts.
  final Map<String, List<String>> seen = new HashMap<>();

  final Map<String, List<Integer>> numbers = new HashMap<>();
  final List<Report> reports = new ArrayList<>();
  final List<String> accepted = new ArrayList<>();
  final Map<String, Function<String, Attempt>> behaviours = new ConcurrentHashMap<>();
  final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  final AtomicInteger routed = new AtomicInteger();
  private final Map<String, List<String>> acceptedByKey = new HashMap<>();
  private final Map<String, Integer> acceptedByPlace = new HashMap<>();
  final AtomicInteger together = new AtomicInteger();
  final AtomicInteger mostTogether = new AtomicInteger();

  static Attempt ok() {
    return attempt(Attempt.Kind.DELIVERED, 200);
  }

  static Attempt status(int status) {
    return attempt(
        status == 410
            ? Attempt.Kind.GONE
            : status < 300 ? Attempt.Kind.DELIVERED : Attempt.Kind.FAILED,
        status);
  }

  static Attempt later(Duration retryAfter) {
    return new Attempt(
        Attempt.Kind.FAILED,
        Optional.of(new Reply(503, Headers.NONE, Bytes.EMPTY)),
        "5xx",
        "later",
        Optional.of(retryAfter),
        new Client.Timings(-1, -1, -1, 0, 0));
  }

  private static Attempt attempt(Attempt.Kind kind, int status) {
    return new Attempt(
        kind,
        Optional.of(new Reply(status, Headers.NONE, Bytes.EMPTY)),
        status / 100 + "xx",
        "",
        Optional.empty(),
        new Client.Timings(-1, -1, -1, 0, 0));
  }

  /// Whoever answers for a key from now on.
  void answer(String key, Function<String, Attempt> behaviour) {
    behaviours.put(key, behaviour);
  }

  /// Requests for the key hang until the latch is counted down.
  CountDownLatch hang(String key) {
    var latch = new CountDownLatch(1);
    hanging.put(key, latch);
    return latch;
  }

  @Override
  public Routing route(Stored record) {
    routed.incrementAndGet();
    var key = record.key();
    if (record.isTombstone() || key == null) {
      return new Routing.Skip();
    }
    var text = key.utf8();
    if (text.startsWith("bad")) {
      return new Routing.Refuse("it is bad");
    }
    return new Routing.To(key, text.substring(0, text.indexOf('/')));
  }

  @Override
  public Attempt send(Stored record, Routing.To to, int number) {
    var key = to.lane().utf8();
    var value = Objects.requireNonNull(record.value()).utf8();
    mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
    try {
      synchronized (this) {
        seen.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
        numbers.computeIfAbsent(key, _ -> new ArrayList<>()).add(number);
      }
      var latch = hanging.get(key);
      if (latch != null) {
        latch.await();
      }
      var attempt = behaviours.getOrDefault(key, _ -> ok()).apply(value);
      if (attempt.kind() == Attempt.Kind.DELIVERED) {
        synchronized (this) {
          accepted.add(key + "=" + value);
          acceptedByKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
          acceptedByPlace.merge(record.partition() + "/" + record.offset(), 1, Integer::sum);
        }
      }
      return attempt;
    } catch (InterruptedException cancelled) {
      return new Attempt(
          Attempt.Kind.FAILED,
          Optional.empty(),
          "cancelled",
          "",
          Optional.empty(),
          new Client.Timings(-1, -1, -1, -1, 0));
    } finally {
      together.decrementAndGet();
    }
  }

  @Override
  public synchronized void report(Stored record, Report report) {
    reports.add(report);
  }

  synchronized List<String> seen(String key) {
    return List.copyOf(seen.getOrDefault(key, List.of()));
  }

  synchronized List<Integer> numbers(String key) {
    return List.copyOf(numbers.getOrDefault(key, List.of()));
  }

  synchronized List<Report> reports() {
    return List.copyOf(reports);
  }

  synchronized List<String> acceptedOf(String key) {
    return List.copyOf(acceptedByKey.getOrDefault(key, List.of()));
  }

  /// How often each record was accepted, by `partition/offset`.
  synchronized Map<String, Integer> acceptedTimes() {
    return Map.copyOf(acceptedByPlace);
  }

  synchronized int accepted() {
    return accepted.size();
  }

  @Override
  public void close() {}
}
