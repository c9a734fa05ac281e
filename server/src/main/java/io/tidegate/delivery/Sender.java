package io.tidegate.delivery;

import io.tidegate.log.Stored;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What lies outside of the lanes: says where a record wants to go, brings it there, and tells
/// those who want to know how it went.
public interface Sender extends AutoCloseable {

  /// Where a record goes. Pure and quick: called once for each record on the thread that reads.
  Routing route(Stored record);

  /// Whether a record may be sent now. Asked before each attempt, without counting one; quick.
  default Admission admission(Stored record, Routing.To to) {
    return new Admission.Now();
  }

  /// Whether something may be sent.
  sealed interface Admission {
    record Now() implements Admission {}

    /// Not before that long, or before `Courier.wake`. No attempt is counted, and it is nobody's
    /// fault.
    record Later(Duration span) implements Admission {}

    /// It is not wanted any more: it ends as one that an operator lets go.
    record Never() implements Admission {}
  }

  /// Makes one attempt and waits for its end. Called on a virtual thread. Never throws for what the
  /// other side does.
  ///
  /// @param number 1 for the first
  Attempt send(Stored record, Routing.To to, int number);

  /// Tells what came of an attempt, or of a record that was not sent at all, to the reply topic and
  /// the dead letters. Blocks until that is stored.
  ///
  /// @throws io.tidegate.log.RecordLog.LogUnavailable when it cannot be stored now; it is said
  ///   again later
  void report(Stored record, Report report);

  @Override
  void close();

  /// What is told about one record.
  ///
  /// @param number of the attempt; 0 when there was none
  /// @param attempt null when there was none
  record Report(int number, @Nullable Attempt attempt, Outcome outcome, Instant at) {}
}
