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

  /// Without waiting; `end` does.
  Round begin(List<Pending> all, Told told) {
    var round = new Round(all.size());
    for (var each : all) {
      log.append(each.entry(), Acks.IN_SYNC_REPLICAS, answer -> round.ended(each, answer, told));
    }
    return round;
  }

  Result end(Round begun, Told told) {
    for (var round = begun; ; ) {
      var trouble = round.await();
      if (trouble.isPresent()) {
        return new Result(trouble, round.failed.containsKey(Round.UNKNOWN));
      }
      var again = smaller(List.copyOf(round.tooLarge));
      if (again.isEmpty()) {
        return new Result(Optional.empty(), false);
      }
      round = begin(again, told);
    }
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
  static final class Round {
    private static final String UNKNOWN = "unknown";

    private final Queue<Pending> tooLarge = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, String> failed = new ConcurrentHashMap<>();
    private final CountDownLatch open;

    private Round(int size) {
      this.open = new CountDownLatch(size);
    }

    private void ended(Pending each, Appended answer, Told told) {
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
    private Optional<String> await() {
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
