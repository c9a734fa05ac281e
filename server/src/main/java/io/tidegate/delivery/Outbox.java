package io.tidegate.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what is told about records, and waits until it is. While the cluster is away it says so,
/// and the same is told again later, for ever. A topic that is missing, or that we may not write to,
/// holds the lanes up for a while only: after that what belongs there is counted, reported and let
/// go, so that nobody waits for ever for a topic that somebody forgot.
///
///     wanted --missing for less than the patience--> told again
///            --missing for longer--> lost (counted; health says so) --stored again--> wanted
///
/// Any thread, virtual ones at best.
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final String pump;
  private final RecordLog log;
  private final Time time;
  private final MeterRegistry meters;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /// A topic that takes nothing.
  private record Trouble(long since, String cause, long lost) {}

  /// How an entry ended that is not to be told again.
  enum Ending {
    STORED,
    TOO_LARGE,
    LOST
  }

  Outbox(String pump, RecordLog log, Time time, MeterRegistry meters) {
    this.pump = pump;
    this.log = log;
    this.time = time;
    this.meters = meters;
  }

  /// @param kind for metrics: `reply`, `dead_letter`
  /// @param patience for how long a topic may be missing
  /// @throws LogUnavailable when it is to be told again later
  Ending put(Entry entry, String kind, Duration patience) {
    var answers = new ArrayBlockingQueue<Appended>(1);
    log.append(entry, Acks.IN_SYNC_REPLICAS, answers::add);
    var ending =
        switch (awaited(answers)) {
          case Appended.At _ -> stored(entry.topic());
          case Appended.Refused(var reason, var cause) ->
              switch (reason) {
                case TOO_LARGE -> Ending.TOO_LARGE;
                case NOT_AUTHORIZED -> missed(entry.topic(), cause, patience);
                case INVALID, NO_SUCH_TOPIC, OVERLOADED, UNREACHABLE, DISK_FULL, CLOSED ->
                    lost(entry.topic(), cause);
              };
          case Appended.Unavailable(var reason, var cause) ->
              reason == Reason.NO_SUCH_TOPIC
                  ? missed(entry.topic(), cause, patience)
                  : again(entry.topic(), cause);
          case Appended.Unknown(var cause) -> again(entry.topic(), cause);
        };
    counter(kind, ending).increment();
    return ending;
  }

  private static Appended awaited(BlockingQueue<Appended> answers) {
    try {
      var answer = answers.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return answer == null ? new Appended.Unknown("no answer in time") : answer;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Appended.Unknown("interrupted");
    }
  }

  private Ending stored(String topic) {
    var over = troubles.isEmpty() ? null : troubles.remove(topic);
    if (over != null) {
      LOG.atInfo()
          .addKeyValue("pump", pump)
          .addKeyValue("topic", topic)
          .addKeyValue("lost", over.lost)
          .log("the topic takes records again");
    }
    return Ending.STORED;
  }

  private Ending again(String topic, String cause) {
    var what = "nothing can be stored in topic " + topic + " now: " + cause;
    throw new LogUnavailable(what, new IllegalStateException(cause));
  }

  private Ending missed(String topic, String cause, Duration patience) {
    var trouble = troubles.computeIfAbsent(topic, _ -> new Trouble(time.nanos(), cause, 0));
    return time.nanos() - trouble.since < patience.toNanos()
        ? again(topic, cause)
        : lost(topic, cause);
  }

  private Ending lost(String topic, String cause) {
    var trouble =
        troubles.merge(
            topic,
            new Trouble(time.nanos(), cause, 1),
            (old, _) -> new Trouble(old.since, cause, old.lost + 1));
    if (trouble.lost == 1) {
      LOG.atError()
          .addKeyValue("pump", pump)
          .addKeyValue("topic", topic)
          .log("what belongs into the topic is lost until it takes records: {}", cause);
    }
    return Ending.LOST;
  }

  private Counter counter(String kind, Ending ending) {
    return Counter.builder("tidegate.delivery.told")
        .description("Replies and dead letters, by what became of them")
        .tag("pump", pump)
        .tag("kind", kind)
        .tag("outcome", ending.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  /// Empty when all is well, else what is wrong.
  Optional<String> check() {
    return troubles.entrySet().stream()
        .findFirst()
        .map(each ->
            "topic %s of %s takes nothing (%d lost): %s"
                .formatted(each.getKey(), pump, each.getValue().lost, each.getValue().cause));
  }
}
