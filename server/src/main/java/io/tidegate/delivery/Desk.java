package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What everything that works on one topic of a courier shares.
record Desk(Common common, Sender sender) {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  /// What all topics share.
  ///
  /// @param share of the budget that one partition may have on its way
  record Common(
      Pump pump,
      RecordLog log,
      Budget budget,
      Time time,
      SteadyClock clock,
      RetryPolicy policy,
      Traffic traffic,
      Alarms alarms,
      CourierMeters meters,
      long share) {

    long nowMillis() {
      return clock.now().toEpochMilli();
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

  Pump pump() {
    return common.pump;
  }

  RecordLog log() {
    return common.log;
  }

  Budget budget() {
    return common.budget;
  }

  Time time() {
    return common.time;
  }

  Traffic traffic() {
    return common.traffic;
  }

  Alarms alarms() {
    return common.alarms;
  }

  CourierMeters meters() {
    return common.meters;
  }

  long share() {
    return common.share;
  }

  long nowMillis() {
    return common.nowMillis();
  }

  /// Where a record goes. A bug in finding that out must not hold up all that comes after it.
  Routing route(Stored record) {
    try {
      return sender.route(record);
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("pump", pump().name())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(bug)
          .log("a record cannot be routed");
      return new Routing.Refuse("it cannot be routed; the log says why");
    }
  }

  /// Runs something that may wait.
  void start(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }
}
