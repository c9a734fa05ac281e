package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.VanishingLog;
import io.tidegate.plan.Pump;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Instances that share the work on a real cluster, come and go.
class CourierIT {
  private static final int KEYS = 40;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final String topic = "sent-" + UUID.randomUUID();
  private final Receivers receivers = new Receivers();
  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, List<String>> expected = new HashMap<>();
  private final RecordLog log = log();

  /// Waits for longer than the log would: what is looked at here are the couriers.
  private final Producer<byte[], byte[]> patient =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", SharedBroker.bootstrap(), "delivery.timeout.ms", 180_000),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private int produced;

  private static VanishingLog log() {
    return new VanishingLog(
        new KafkaLog(
            KafkaSettings.plain("test", SharedBroker.bootstrap()),
            Time.system(),
            new SimpleMeterRegistry()));
  }

  /// A process of its own, as far as Kafka can tell.
  private record Instance(VanishingLog log, Courier courier) {
    void leave() {
      courier.close();
      log.close();
    }
  }

  private Instance join() {
    var pump =
        TestPumps.pump(
            topic,
            new Pump.Ordering.Key(),
            TestPumps.RETRY,
            TestPumps.LIMITS,
            TestPumps.NO_BREAKER);
    var log = log();
    var needs =
        new Courier.Needs(
            log, _ -> receivers, new Budget(64 << 20), Time.system(), new SimpleMeterRegistry());
    var instance = new Instance(log, new Courier(pump, needs));
    instance.courier.start();
    instances.add(instance);
    return instance;
  }

  @AfterEach
  void closeAll() {
    instances.forEach(Instance::leave);
    patient.close();
    log.close();
  }

  private void create(int partitions) {
    log.create(DeliveryTopics.all(), LIMIT);
    log.create(List.of(new TopicSpec(topic, partitions, false, Map.of())), LIMIT);
  }

  private void produce(int count) {
    var stored = new AtomicInteger();
    var failed = new AtomicReference<Exception>();
    for (var i = 0; i < count; i++) {
      var key = "host/" + (i % KEYS);
      var value = "" + produced++;
      expected.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
      patient.send(
          new ProducerRecord<>(topic, bytes(key), bytes(value)),
          (_, failure) -> {
            stored.incrementAndGet();
            failed.compareAndSet(null, failure);
          });
    }
    until(() -> stored.get() == count);
    assertThat(failed.get()).isNull();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private long owned(Instance instance) {
    return instance.courier.view().partitions().size();
  }

  private void assertInOrderAndWhole() {
    expected.forEach((key, values) ->
        assertThat(receivers.acceptedOf(key).stream().distinct().toList()).isEqualTo(values));
  }

  @Test
  void membersComeAndGoWithoutLossOrDisorderAndWithoutSendingAgain() {
    create(6);
    produce(2_000);
    var one = join();
    until(() -> receivers.accepted() > 300);

    var two = join();
    produce(2_000);
    until(() -> owned(one) > 0 && owned(two) > 0 && owned(one) + owned(two) == 6);
    produce(2_000);
    one.leave();
    instances.remove(one);
    produce(1_000);

    until(() -> receivers.accepted() >= 7_000 && owned(two) == 6);
    assertInOrderAndWhole();
    assertThat(receivers.accepted()).isEqualTo(7_000);
  }

  @Test
  void anotherGoesOnWhenAMemberVanishes() {
    create(4);
    receivers.answer("host/0", _ -> Receivers.status(503));
    produce(1_000);
    var one = join();
    until(() -> receivers.numbers("host/0").size() >= 2);
    var two = join();
    until(() -> owned(one) == 2 && owned(two) == 2);
    produce(1_000);

    one.log.vanish();
    receivers.answer("host/0", _ -> Receivers.ok());

    until(() -> owned(two) == 4);
    until(() -> receivers.acceptedTimes().size() == 2_000);
    assertInOrderAndWhole();
    assertThat(receivers.accepted()).isBetween(2_000, 2_000 + TestPumps.LIMITS.inFlight());
  }

  @Test
  void aTopicThatIsCreatedAgainWhileItIsDeliveredBeginsAnew() throws Exception {
    create(1);
    receivers.answer("host/0", _ -> Receivers.status(503));
    produce(200);
    var one = join();
    until(() -> receivers.accepted() == 195);
    receivers.answer("host/0", _ -> Receivers.ok());

    createAgain();
    produce(400);

    until(() -> receivers.accepted() >= 595);
    assertNewRecordsWholeAndInOrder(200);
    until(() -> one.courier.view().partitions().stream().anyMatch(each -> each.committed() == 400));
  }

  @Test
  void aTopicThatIsCreatedAgainWhileNobodyLooksBeginsAnew() throws Exception {
    create(1);
    produce(200);
    var one = join();
    until(() -> receivers.accepted() == 200);
    one.leave();
    instances.remove(one);

    createAgain();
    produce(400);
    join();

    until(() -> receivers.accepted() >= 600);
    assertNewRecordsWholeAndInOrder(200);
  }

  private void createAgain() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrap()))) {
      admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      until(this::isGone);
    }
    create(1);
  }

  private boolean isGone() {
    try {
      return log.describe(topic, Duration.ofSeconds(5)).isEmpty();
    } catch (RecordLog.LogUnavailable busy) {
      return false;
    }
  }

  private void assertNewRecordsWholeAndInOrder(int from) {
    expected.forEach((key, values) -> {
      var fresh = values.stream().filter(each -> Integer.parseInt(each) >= from).toList();
      assertThat(receivers.acceptedOf(key).stream().distinct().toList())
          .filteredOn(each -> Integer.parseInt(each) >= from)
          .isEqualTo(fresh);
    });
  }

  @Test
  void attemptsAndTimesGoOverToTheNextOwner() {
    create(1);
    receivers.answer("host/0", _ -> Receivers.status(503));
    produce(KEYS);
    var one = join();
    until(() -> receivers.numbers("host/0").size() >= 2);

    one.leave();
    instances.remove(one);
    var before = receivers.numbers("host/0").size();
    receivers.answer("host/0", _ -> Receivers.ok());
    join();

    until(() -> receivers.acceptedOf("host/0").size() == 1);
    assertThat(receivers.numbers("host/0").getLast()).isEqualTo(before + 1);
    assertInOrderAndWhole();
    assertThat(receivers.accepted()).isEqualTo(KEYS);
  }

  @Test
  void whatHangsIsCancelledWhenItsPartitionIsHandedOver() {
    create(1);
    receivers.hang("host/0");
    produce(KEYS);
    var one = join();
    until(() -> receivers.accepted() == KEYS - 1);

    var begun = System.nanoTime();
    one.leave();
    instances.remove(one);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(14));
    receivers.hanging.clear();
    join();
    until(() -> receivers.accepted() == KEYS);
    assertThat(receivers.numbers("host/0")).containsExactly(1, 1);
  }
}
