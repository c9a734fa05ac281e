package io.tidegate.delivery;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A log in memory with the topics there are, receivers, a clock, and couriers that come and go.
final class Scene implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  final MemoryLog log = new MemoryLog();
  final Receivers receivers = new Receivers();
  final ManualTime time = new ManualTime();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Budget budget = new Budget(64 << 20);

  Scene(int partitions) {
    log.topic(TestPumps.TOPIC, partitions, false);
    log.create(DeliveryTopics.all(), Duration.ZERO);
  }

  Courier courier() {
    return courier(TestPumps.pump());
  }

  Courier courier(Pump pump) {
    var courier = new Courier(pump, new Courier.Needs(log, _ -> receivers, budget, time, meters));
    courier.start();
    return courier;
  }

  void put(String key, String... values) {
    for (var value : values) {
      append(key, Bytes.utf8(value));
    }
  }

  void append(String key, @Nullable Bytes value) {
    log.append(
        new Entry(TestPumps.TOPIC, Bytes.utf8(key), List.of(), value),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
  }

  static void until(Callable<Boolean> condition) {
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(condition);
  }

  /// Waits while time passes, quickly.
  void pass(Duration step, Callable<Boolean> condition) {
    until(() -> {
      if (condition.call()) {
        return true;
      }
      time.advance(step);
      return false;
    });
  }

  @Override
  public void close() {
    log.close();
  }
}
