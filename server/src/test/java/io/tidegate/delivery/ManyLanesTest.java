package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lanes by the hundred thousand: what one costs while it owes something, and that it costs nothing
/// when it does not.
class ManyLanesTest {
  private static final int LANES = 200_000;
  private static final int RECEIVERS = 500;

  /// Half a kilobyte of which belongs to the contents that are kept as long as there is room.
  private static final int MOST_BYTES = 1_200;

  private final MemoryLog log = new MemoryLog();
  private final ManualTime time = new ManualTime();
  private final AllReceivers receivers = new AllReceivers();

  @AfterEach
  void closeLog() {
    log.close();
  }

  /// Fails everything, until it fails nothing.
  private static final class AllReceivers implements Sender {
    private final AtomicInteger routed = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean works;

    @Override
    public Routing route(Stored record) {
      routed.incrementAndGet();
      var key = Objects.requireNonNull(record.key());
      var text = key.utf8();
      return new Routing.To(key, text.substring(0, text.indexOf('/')));
    }

    @Override
    public Attempt send(Stored record, Routing.To to, int number) {
      sent.incrementAndGet();
      return Receivers.status(works ? 200 : 503);
    }

    @Override
    public void report(Stored record, Report report) {}

    @Override
    public void close() {}
  }

  private Courier courier() {
    var needs =
        new Courier.Needs(
            log, _ -> receivers, new Budget(64 << 20), time, new SimpleMeterRegistry());
    var courier = new Courier(TestPumps.pump(), needs);
    courier.start();
    return courier;
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(250)).until(condition);
  }

  private static int lanes(Courier courier, CourierView.LaneState state) {
    return courier.view().lanes().getOrDefault(state, 0);
  }

  private static long used() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /// Objects of this room that are still in use, whatever else this process holds.
  private static long objects() throws JMException {
    var histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length > 3 && row[3].startsWith(Courier.class.getPackageName() + "."))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }

  @Test
  void costLittleWhileTheyOweAndNothingWhenTheyDoNot() throws JMException {
    fill();
    long owing;
    try (var courier = courier()) {
      until(() -> receivers.sent.get() == LANES);
      until(() -> lanes(courier, CourierView.LaneState.WAITING) == LANES);
      owing = used();
      assertThat(objects()).as("objects of lanes that owe").isGreaterThan(LANES);
    }
    var bytes = (owing - used()) / LANES;
    System.out.printf("a lane that owes a record: %d bytes of %,d lanes%n", bytes, LANES);
    assertThat(bytes).isLessThan(MOST_BYTES);

    receivers.routed.set(0);
    try (var courier = courier()) {
      until(() -> lanes(courier, CourierView.LaneState.WAITING) == LANES);
      assertThat(receivers.routed.get()).as("records read again to start").isZero();
      assertThat(receivers.sent.get()).isEqualTo(LANES);

      var reads = log.reads();
      receivers.works = true;
      until(() -> {
        time.advance(Duration.ofSeconds(1));
        return receivers.sent.get() == 2 * LANES;
      });
      until(() -> courier.view().lag().orElse(-1) == 0);
      System.out.printf("%d reads for all that was owed%n", log.reads() - reads);
      assertThat(courier.view().lanes().values()).containsOnly(0);
      assertThat(receivers.sent.get()).isEqualTo(2 * LANES);
      var left = objects();
      System.out.printf("objects of deliveries once all lanes are idle: %,d%n", left);
      assertThat(left).isLessThan(LANES / 20);
    }
  }

  private void fill() {
    log.topic(TestPumps.TOPIC, 1, false);
    log.create(DeliveryTopics.all(), Duration.ZERO);
    for (var i = 0; i < LANES; i++) {
      var key = Bytes.utf8("receiver" + i % RECEIVERS + ".example/" + i);
      var entry = new Entry(TestPumps.TOPIC, key, List.of(), Bytes.utf8("x"));
      log.append(entry, Acks.IN_SYNC_REPLICAS, _ -> {});
    }
    log.settle();
  }
}
