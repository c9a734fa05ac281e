package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.JournalEntry.Step;
import io.tidegate.delivery.Traffic.Impression;
import io.tidegate.http.Client;
import io.tidegate.log.Appended;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries parcels, one after the other of the same lane as long as there is a place: what is
/// written here from top to bottom is what happens to a record. Runs on a virtual thread each.
///
///     begin → (read again) → send → judge → report → journal → settle → the lane's next
final class Messenger {
  private static final Logger LOG = LoggerFactory.getLogger(Messenger.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration DOUBT = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Client.Timings NO_TIMINGS = new Client.Timings(-1, -1, -1, -1, -1);

  private final Desk.Common desk;
  private final Consumer<Optional<String>> trouble;

  /// @param trouble told what keeps outcomes from being written down, and when that is over
  Messenger(Desk.Common desk, Consumer<Optional<String>> trouble) {
    this.desk = desk;
    this.trouble = trouble;
  }

  /// What is to be written down of a record.
  ///
  /// @param isMissing the log no longer has the record
  private record Result(
      Stored record, int number, @Nullable Attempt attempt, Outcome outcome, boolean isMissing) {

    Result(Stored record, int number, @Nullable Attempt attempt, Outcome outcome) {
      this(record, number, attempt, outcome, false);
    }
  }

  void carry(Parcel parcel) {
    for (var next = parcel; next != null; ) {
      next = step(next);
    }
  }

  private @Nullable Parcel step(Parcel parcel) {
    var next = deliver(parcel);
    return next != null && desk.traffic().admit(next) ? next : null;
  }

  private @Nullable Parcel deliver(Parcel parcel) {
    try {
      if (!parcel.partition.begin(parcel)) {
        leave(parcel, Impression.NONE);
        return null;
      }
      try {
        var result = send(parcel);
        if (!parcel.partition.isClosed()) {
          Thread.interrupted(); // it was meant for the request; what came of it is still written
        }
        return result == null ? null : write(parcel, result);
      } finally {
        parcel.partition.carriers.end();
      }
    } catch (InterruptedException closing) {
      return null; // whoever owns the partition next goes on with it
    } catch (RuntimeException bug) {
      unforeseen(parcel, bug);
      return null;
    } finally {
      desk.traffic().settled();
    }
  }

  private void unforeseen(Parcel parcel, RuntimeException bug) {
    if (!parcel.partition.carriers.isStopped()) {
      LOG.atError()
          .addKeyValue("pump", desk.pump().name())
          .addKeyValue("offset", parcel.offset)
          .setCause(bug)
          .log("a delivery failed in an unforeseen way; it is tried again");
      postpone(parcel, LONGEST_PAUSE);
    }
  }

  private void leave(Parcel parcel, Impression impression) {
    var receiver = parcel.receiver;
    if (receiver != null) {
      desk.traffic().sent(receiver, impression);
    }
  }

  /// Makes the attempt, if it is to be made. Null when there is nothing to be written down.
  private @Nullable Result send(Parcel parcel) throws InterruptedException {
    var impression = Impression.NONE;
    Parcel elsewhere = null;
    try {
      var record = parcel.partition.contents.of(parcel);
      if (record == null) {
        return missing(parcel);
      }
      if (!(parcel.routing instanceof Routing.To to)) {
        return new Result(
            record, parcel.attempts, null, new Outcome.GivenUp(Outcome.Reason.REFUSED));
      }
      var receiver = parcel.receiver;
      if (receiver != null && !receiver.authority().equals(to.authority())) {
        elsewhere = parcel;
        return null;
      }
      var expires = desk.policy().expires(parcel.timestamp, Instant.ofEpochMilli(parcel.seen));
      if (desk.clock().now().isAfter(expires)) {
        return new Result(
            record, parcel.attempts, null, new Outcome.GivenUp(Outcome.Reason.EXPIRED));
      }
      if (!parcel.partition.claim.holds()) {
        postpone(parcel, DOUBT);
        return null;
      }
      switch (parcel.partition.desk.sender().admission(record, to)) {
        case Sender.Admission.Now() -> {
          // it goes on its way
        }
        case Sender.Admission.Later(var wait) -> {
          postpone(parcel, wait);
          return null;
        }
        case Sender.Admission.Never() -> {
          parcel.skipped = true;
          return new Result(
              record, parcel.attempts, null, new Outcome.GivenUp(Outcome.Reason.SKIPPED));
        }
      }
      var number = parcel.attempts + 1;
      var attempt = attempt(parcel.partition.desk, record, to, number);
      impression = impression(attempt);
      if (attempt.kind() != Attempt.Kind.DELIVERED && parcel.partition.carriers.isStopped()) {
        impression = Impression.NONE;
        return null; // perhaps it was cancelled: it does not count
      }
      var outcome = desk.policy().judge(attempt, number, expires, desk.clock().now());
      desk.meters().attempt(attempt, number, desk.clock().now().toEpochMilli() - parcel.seen);
      return new Result(record, number, attempt, outcome);
    } catch (LogUnavailable away) {
      postpone(parcel, AGAIN);
      return null;
    } finally {
      leave(parcel, impression);
      if (elsewhere != null) {
        parcel.partition.reroute(elsewhere);
      }
    }
  }

  private static Attempt attempt(Desk desk, Stored record, Routing.To to, int number) {
    try {
      return desk.sender().send(record, to, number);
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("pump", desk.pump().name())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(bug)
          .log("a request failed in an unforeseen way");
      return new Attempt(
          Attempt.Kind.FAILED,
          Optional.empty(),
          "error",
          "it failed in an unforeseen way; the log says how",
          Optional.empty(),
          NO_TIMINGS);
    }
  }

  /// Only what the receiver itself does wrong speaks against it.
  private static Impression impression(Attempt attempt) {
    if (attempt.reply().isPresent()) {
      return attempt.reply().get().status() >= 500 ? Impression.FAILS : Impression.WORKS;
    }
    return switch (attempt.kind()) {
      case FAILED -> Impression.FAILS;
      case DELIVERED -> Impression.WORKS;
      case PERMANENT, GONE -> Impression.NONE;
    };
  }

  /// Stands for a record that is gone, so that its end can be told: key and place are known.
  private static Result missing(Parcel parcel) {
    var partition = parcel.partition;
    var stand =
        new Stored(
            partition.number(),
            parcel.offset,
            Math.max(0, parcel.timestamp),
            parcel.lane.id,
            List.of(),
            Bytes.EMPTY);
    var outcome = new Outcome.GivenUp(Outcome.Reason.EXPIRED);
    return new Result(stand, parcel.attempts, null, outcome, true);
  }

  /// Later, without an attempt being counted.
  private void postpone(Parcel parcel, Duration wait) {
    parcel.due = desk.time().nanos() + wait.toNanos();
    parcel.dueAt = desk.nowMillis() + wait.toMillis();
    parcel.partition.layAside(parcel, Parcel.State.WAITING);
  }

  /// Tells and writes down what came of it, and then acts by it.
  private @Nullable Parcel write(Parcel parcel, Result result) throws InterruptedException {
    var partition = parcel.partition;
    var now = desk.clock().now();
    var blocks = isBlocking(parcel, result);
    var told = blocks ? new Outcome.Retry(Outcome.Retry.UNTIL_TOLD) : result.outcome;
    report(partition, result, told, now);
    var line = line(parcel, result, blocks, now);
    var ticket = partition.journal.begin();
    try {
      store(partition, line);
      return apply(parcel, result, line);
    } finally {
      partition.journal.end(ticket);
    }
  }

  private boolean isBlocking(Parcel parcel, Result result) {
    return desk.pump().retry().blocks()
        && !parcel.skipped
        && !result.isMissing
        && result.outcome instanceof Outcome.GivenUp(var reason)
        && reason != Outcome.Reason.REFUSED;
  }

  private static JournalEntry line(Parcel parcel, Result result, boolean blocks, Instant now) {
    var attempt = result.attempt;
    var word = attempt == null ? "" : attempt.word();
    var at = now.toEpochMilli();
    return switch (result.outcome) {
      case Outcome.Delivered() ->
          new JournalEntry(Step.DELIVERED, parcel.offset, result.number, at, word, Bytes.EMPTY);
      case Outcome.Retry(var next) ->
          new JournalEntry(
              Step.RETRY, parcel.offset, result.number, next.toEpochMilli(), word, parcel.lane.id);
      case Outcome.GivenUp(var reason) ->
          new JournalEntry(
              blocks ? Step.BLOCKED : Step.of(reason),
              parcel.offset,
              result.number,
              at,
              word,
              parcel.lane.id);
    };
  }

  private void report(Partition partition, Result result, Outcome told, Instant now)
      throws InterruptedException {
    var report = new Sender.Report(result.number, result.attempt, told, now);
    for (var pause = Duration.ofMillis(100); ; pause = longer(pause)) {
      try {
        partition.desk.sender().report(result.record, report);
        return;
      } catch (LogUnavailable away) {
        hold(partition, "replies cannot be stored: " + away.getMessage(), pause);
      }
    }
  }

  private void store(Partition partition, JournalEntry line) throws InterruptedException {
    for (var pause = Duration.ofMillis(100); ; pause = longer(pause)) {
      var appended = partition.journal.append(line);
      if (appended instanceof Appended.At) {
        if (pause.toMillis() > 100) {
          trouble.accept(Optional.empty());
        }
        return;
      }
      hold(partition, "the topic " + DeliveryTopics.ATTEMPTS + " cannot be written", pause);
    }
  }

  private void hold(Partition partition, String why, Duration pause) throws InterruptedException {
    trouble.accept(Optional.of(why));
    if (partition.isClosed()) {
      throw new InterruptedException("closed");
    }
    desk.pause(pause);
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private @Nullable Parcel apply(Parcel parcel, Result result, JournalEntry line) {
    parcel.attempts = result.number;
    parcel.word = line.word();
    if (line.step() == Step.RETRY) {
      parcel.dueAt = line.at();
      parcel.due =
          desk.time().nanos()
              + Duration.ofMillis(Math.max(0, line.at() - desk.nowMillis())).toNanos();
      parcel.partition.layAside(parcel, Parcel.State.WAITING);
      return null;
    }
    if (line.step() == Step.BLOCKED) {
      desk.meters().blocked();
      parcel.partition.layAside(parcel, Parcel.State.BLOCKED);
      return null;
    }
    if (result.outcome instanceof Outcome.GivenUp(var reason)) {
      desk.meters().givenUp(reason);
    }
    return parcel.partition.settle(parcel, line.step());
  }

  /// Lets the head of a lane go, as the operator wishes. False when there is none, or when it is
  /// just being sent.
  boolean skip(Partition partition, Bytes lane) throws InterruptedException {
    var head = partition.takeHead(lane);
    if (head == null) {
      return false;
    }
    Parcel next;
    try {
      head.skipped = true;
      var record = partition.contents.of(head);
      var stand = record == null ? missing(head).record : record;
      var outcome = new Outcome.GivenUp(Outcome.Reason.SKIPPED);
      next = write(head, new Result(stand, head.attempts, null, outcome));
    } catch (LogUnavailable away) {
      head.skipped = false;
      postpone(head, AGAIN);
      throw away;
    } finally {
      partition.carriers.end();
    }
    if (next != null) {
      desk.traffic().offer(next);
    }
    return true;
  }
}
