package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.log.Appended;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog;
import io.tidegate.view.Match;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The exchanges under way on one cluster. Equal requests at the same time are one exchange, and
/// one record; a request that is repeated soon after, while its reply is still owed, only waits.
///
/// Any thread.
final class Exchanges {
  private static final int MOST_REMEMBERED = 50_000;
  private static final long REMEMBERED_FOR = Duration.ofMinutes(1).toNanos();

  private final RecordLog log;
  private final OwnWrites ownWrites;
  private final Time time;
  private final ConcurrentHashMap<Exchange.Id, Exchange> open = new ConcurrentHashMap<>();

  /// When each was stored, the oldest first.
  private final Map<Exchange.Id, Long> asked = new LinkedHashMap<>();

  Exchanges(RecordLog log, OwnWrites ownWrites, Time time) {
    this.log = log;
    this.ownWrites = ownWrites;
    this.time = time;
  }

  static Match match(String replyIdHeader, String correlationId) {
    var header = Header.of(replyIdHeader, correlationId);
    return new Match(List.of(new Match.Clause(null, List.of(header))));
  }

  /// Joins the exchange of that question, or begins it.
  Exchange ask(Exchange.Question question, Exchange.Caller caller) {
    var id = question.id();
    while (true) {
      var fresh = new Exchange(this, question);
      var other = open.putIfAbsent(id, fresh);
      if (other == null) {
        fresh.join(caller);
        fresh.begin();
        return fresh;
      }
      if (other.join(caller)) {
        return other;
      }
      open.remove(id, other);
    }
  }

  void append(Exchange.Question question, Consumer<Appended> then) {
    var entry = question.record().entry();
    log.append(
        entry,
        question.acks(),
        outcome -> {
          if (outcome instanceof Appended.At at) {
            ownWrites.note(entry.topic(), at);
            if (question.canRepeat()) {
              remember(question.id());
            }
          }
          then.accept(outcome);
        });
  }

  void over(Exchange.Id id, Exchange exchange) {
    open.remove(id, exchange);
  }

  int underWay() {
    return open.size();
  }

  boolean wasAsked(Exchange.Id id) {
    synchronized (asked) {
      var at = asked.get(id);
      return at != null && time.nanos() - at < REMEMBERED_FOR;
    }
  }

  private void remember(Exchange.Id id) {
    var now = time.nanos();
    synchronized (asked) {
      asked.remove(id);
      asked.put(id, now);
      var oldest = asked.entrySet().iterator();
      while (oldest.hasNext()) {
        var isOld = now - oldest.next().getValue() >= REMEMBERED_FOR;
        if (!isOld && asked.size() <= MOST_REMEMBERED) {
          return;
        }
        oldest.remove();
      }
    }
  }
}
