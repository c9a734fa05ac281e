package io.tidegate.outbox;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.outbox.Fanout.Written;
import io.tidegate.plan.Destinations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores deliveries, and waits until they are stored. One that the topic will never take as it is
/// holds up nothing: it is stored with less of its event, and ends as an attempt that failed when
/// not even that is enough to deliver it (see `Delivery.smaller`).
///
/// @param topic of the events
record DeliveryWriter(RecordLog log, FanoutMeters meters, String topic) {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWriter.class);
  private static final Duration LIMIT = Duration.ofSeconds(16);

  record Pending(Written written, Entry entry) {}

  /// Told of each that is stored, at any time, on any thread.
  interface Told {
    void stored(Written written, int partition, long offset);
  }

  /// What came of it.
  ///
  /// @param trouble why not all of them are stored; those that are need not be stored again
  /// @param isUnsure of some nobody knows whether they are stored
  record Result(Optional<String> trouble, boolean isUnsure) {}

  Result store(List<Pending> all, Told told) {
    var pending = all;
    while (!pending.isEmpty()) {
      var round = new Round(pending.size());
      for (var each : pending) {
        log.append(each.entry(), Acks.IN_SYNC_REPLICAS, answer -> round.ended(each, answer, told));
      }
      var trouble = round.await();
      if (trouble.isPresent()) {
        return new Result(trouble, round.failed.containsKey(Round.UNKNOWN));
      }
      pending = smaller(List.copyOf(round.tooLarge));
    }
    return new Result(Optional.empty(), false);
  }

  private List<Pending> smaller(List<Pending> refused) {
    var again = new ArrayList<Pending>();
    var fail = new ArrayList<Pending>();
    var lost = new ArrayList<Pending>();
    for (var each : refused) {
      var less = Delivery.smaller(each.entry());
      if (less.isEmpty()) {
        lost.add(each);
      } else {
        again.add(new Pending(each.written(), less.get()));
        if (Delivery.smaller(less.get()).isEmpty()) {
          fail.add(each);
        }
      }
    }
    tell(
        fail,
        "oversized",
        "deliveries fail for good: what goes with the event is larger than {} takes; raise its"
            + " max.message.bytes, and retry them");
    tell(
        lost,
        "lost",
        "deliveries are given up, and nothing can be written of them: raise max.message.bytes"
            + " of {}");
    return again;
  }

  /// One line for all of a kind: an event may have thousands of deliveries.
  private void tell(List<Pending> ended, String outcome, String what) {
    if (ended.isEmpty()) {
      return;
    }
    meters.ended(outcome, ended.size());
    LOG.atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("offset", ended.getFirst().written().offset())
        .addKeyValue("destination", ended.getFirst().written().key())
        .addKeyValue("deliveries", ended.size())
        .log(what, Destinations.DELIVERIES);
  }

  /// Several appends that are waited for together.
  private static final class Round {
    static final String UNKNOWN = "unknown";

    final Queue<Pending> tooLarge = new ConcurrentLinkedQueue<>();
    final ConcurrentHashMap<String, String> failed = new ConcurrentHashMap<>();
    private final CountDownLatch open;

    Round(int size) {
      this.open = new CountDownLatch(size);
    }

    void ended(Pending each, Appended answer, Told told) {
      switch (answer) {
        case Appended.At(var partition, var offset) ->
            told.stored(each.written(), partition, offset);
        case Appended.Refused(var reason, var cause) -> {
          if (reason == Appended.Reason.TOO_LARGE) {
            tooLarge.add(each);
          } else {
            failed.put("refused", cause);
          }
        }
        case Appended.Unavailable(var _, var cause) -> failed.put("unavailable", cause);
        case Appended.Unknown(var cause) -> failed.put(UNKNOWN, cause);
      }
      open.countDown();
    }

    /// Why not all of them have ended well.
    Optional<String> await() {
      try {
        if (!open.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          return Optional.of("no answer in time");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
      return failed.values().stream().findFirst();
    }
  }
}
