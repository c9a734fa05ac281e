package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What everything that works for one courier shares.
///
/// @param share of the budget that one partition may have on its way
record Desk(
    Pump pump,
    RecordLog log,
    Sender sender,
    Budget budget,
    Time time,
    SteadyClock clock,
    RetryPolicy policy,
    Traffic traffic,
    Alarms alarms,
    CourierMeters meters,
    long share) {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  /// Where a record goes. A bug in finding that out must not hold up all that comes after it.
  Routing route(Stored record) {
    try {
      return sender.route(record);
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("pump", pump.name())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(bug)
          .log("a record cannot be routed");
      return new Routing.Refuse("it cannot be routed; the log says why");
    }
  }

  long nowMillis() {
    return clock.now().toEpochMilli();
  }

  /// Runs something that may wait.
  void start(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  /// Waits, on the injected clock.
  void pause(Duration span) throws InterruptedException {
    var over = new CountDownLatch(1);
    var alarm = time.after(span, over::countDown);
    try {
      over.await();
    } finally {
      alarm.cancel();
    }
  }
}
