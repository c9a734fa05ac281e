package io.tidegate.admin;

import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.CourierView.LaneState;
import io.tidegate.delivery.DeadLetters;
import java.util.List;
import java.util.Optional;

/// One pump of this instance, as operators look at it and help it along. Any thread; `skip` waits.
public interface PumpDesk {

  CourierView view();

  /// Lanes that owe something, in no order.
  List<CourierView.Lane> lanes(Optional<LaneState> state, int limit);

  /// The lanes of a key: one in each partition where it owes something.
  List<CourierView.Lane> lane(String key);

  /// What the lanes of a key wait for happens now. False when they wait for nothing.
  boolean retry(String key);

  /// Lets the oldest record of a key's lanes go. False when there is none, or when it is just being
  /// sent.
  ///
  /// @throws io.tidegate.log.RecordLog.LogUnavailable when that cannot be written down now
  boolean skip(String key) throws InterruptedException;

  /// Its dead letters; empty when it keeps none.
  default Optional<DeadLetters> deadLetters() {
    return Optional.empty();
  }
}
