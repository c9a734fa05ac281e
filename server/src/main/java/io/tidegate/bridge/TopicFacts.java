package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Handler;
import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// What is known about topics without asking the cluster while a caller waits: whether they exist,
/// and how large a record may be. Asked in the background, kept for a while.
///
/// Topic names can be a caller's words, so both what is kept and what is being asked are bounded.
/// Any thread; nothing blocks.
final class TopicFacts {
  private static final int MOST_KEPT = 10_000;
  private static final int MOST_ASKED_AT_ONCE = 16;
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final long FOUND_GOOD_FOR = Duration.ofMinutes(1).toNanos();
  private static final long OTHERWISE_GOOD_FOR = Duration.ofSeconds(5).toNanos();

  /// The batch around a record, and the record around a value, as small as they can be: a body is
  /// refused early only if it cannot fit. The log itself refuses the rest.
  private static final int LEAST_OVERHEAD = 70;

  private final RecordLog log;
  private final Executor workers;
  private final Time time;
  private final ConcurrentHashMap<String, Fact> kept = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, CompletableFuture<Fact>> asked =
      new ConcurrentHashMap<>();

  TopicFacts(RecordLog log, Executor workers, Time time) {
    this.log = log;
    this.workers = workers;
    this.time = time;
  }

  /// Whether a topic is there.
  enum Existence {
    THERE,
    MISSING,
    UNKNOWN
  }

  /// The largest body that can fit into a record of that topic, or the usual limit until that is
  /// known.
  long largestBody(String topic) {
    var fact = kept.get(topic);
    if (fact == null || isOld(fact)) {
      var _ = ask(topic);
    }
    return fact == null || fact.existence != Existence.THERE
        ? Handler.DEFAULT_BODY_LIMIT
        : Math.max(0, fact.maxMessageBytes - LEAST_OVERHEAD);
  }

  /// Says once whether the topic is there: at once when that is known, else from another thread,
  /// within seconds.
  void existence(String topic, Consumer<Existence> then) {
    var fact = kept.get(topic);
    if (fact != null && !isOld(fact)) {
      then.accept(fact.existence);
    } else {
      var _ = ask(topic).thenAccept(found -> then.accept(found.existence));
    }
  }

  private boolean isOld(Fact fact) {
    var age = time.nanos() - fact.readAt;
    return age > (fact.existence == Existence.THERE ? FOUND_GOOD_FOR : OTHERWISE_GOOD_FOR);
  }

  private CompletableFuture<Fact> ask(String topic) {
    var asking = asked.get(topic);
    if (asking != null) {
      return asking;
    }
    if (asked.size() >= MOST_ASKED_AT_ONCE) {
      return CompletableFuture.completedFuture(unknown());
    }
    var fresh = new CompletableFuture<Fact>();
    var other = asked.putIfAbsent(topic, fresh);
    if (other != null) {
      return other;
    }
    try {
      workers.execute(() -> {
        var fact = describe(topic);
        keep(topic, fact);
        asked.remove(topic, fresh);
        fresh.complete(fact);
      });
    } catch (RejectedExecutionException closing) {
      asked.remove(topic, fresh);
      fresh.complete(unknown());
    }
    return fresh;
  }

  private Fact describe(String topic) {
    try {
      return log.describe(topic, ANSWER_WITHIN)
          .map(info -> new Fact(time.nanos(), Existence.THERE, info.maxMessageBytes()))
          .orElseGet(() -> new Fact(time.nanos(), Existence.MISSING, 0));
    } catch (RuntimeException noAnswer) {
      // What was known before is better than nothing; it is asked for again soon.
      return Optional.ofNullable(kept.get(topic)).orElseGet(this::unknown);
    }
  }

  private void keep(String topic, Fact fact) {
    if (kept.size() >= MOST_KEPT) {
      kept.values().removeIf(this::isOld);
    }
    if (kept.size() < MOST_KEPT || kept.containsKey(topic)) {
      kept.put(topic, fact);
    }
  }

  private Fact unknown() {
    return new Fact(time.nanos(), Existence.UNKNOWN, 0);
  }

  private record Fact(long readAt, Existence existence, int maxMessageBytes) {}
}
