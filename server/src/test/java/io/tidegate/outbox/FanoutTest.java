package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Publisher.Published;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FanoutTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Appended TOO_LARGE =
      new Appended.Refused(Appended.Reason.TOO_LARGE, "too large");

  private final OutboxScene scene = new OutboxScene(TopicPolicy.OPEN, 1000);
  private final MemoryLog log = scene.log;
  private final Outbox outbox = scene.outbox;

  @BeforeEach
  void start() {
    scene.open();
    scene.tenant("t");
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void writesOneDeliveryForEachDestinationThatMatches() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    scene.webhook("{\"id\":\"b\",\"topics\":[\"order.*\"]}");
    scene.webhook("{\"id\":\"c\",\"topics\":[\"user.created\"]}");
    scene.webhook(
        "{\"id\":\"d\",\"topics\":\"*\",\"filter\":{\"data\":{\"total\":{\"$gte\":100}}}}");
    scene.webhook("{\"id\":\"e\",\"topics\":\"*\",\"disabled_at\":\"2020-01-01T00:00:00Z\"}");
    outbox.start();

    publish("e1", "order.paid", "{\"total\":  99}");
    publish("e2", "order.paid", "{\"total\":100}");

    awaitDeliveries("a/e1", "b/e1", "a/e2", "b/e2", "d/e2");
    assertThat(log.stored("tidegate.deliveries"))
        .filteredOn(record -> name(record).endsWith("/e1"))
        .allSatisfy(record -> assertThat(record.value().utf8()).isEqualTo("{\"total\":  99}"));
  }

  @Test
  void writesNothingForARepetition() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    log.append(EventForm.write(named("e1"), "0/0"), Acks.IN_SYNC_REPLICAS, _ -> {});
    log.append(
        log.stored("tidegate.events").stream().findFirst().map(FanoutTest::again).orElseThrow(),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
    publish("e2", "x", "{}");

    outbox.start();

    awaitDeliveries("a/e1", "a/e2");
  }

  @Test
  void writesEachOnceThoughTheLogFailsInBetween() {
    for (int i = 0; i < 10; i++) {
      scene.webhook("{\"id\":\"d" + i + "\",\"topics\":\"*\"}");
    }
    outbox.start();
    await().atMost(LIMIT).until(() -> outbox.check().isEmpty());
    for (int i = 0; i < 20; i++) {
      if (i % 5 == 0) {
        log.failNext(new Appended.Unknown("nobody knows"));
      }
      append("e" + i);
    }

    await().atMost(LIMIT).until(() -> deliveries().size() == 200);
    assertThat(deliveries()).doesNotHaveDuplicates();
  }

  @Test
  void aNewOwnerWritesNothingThatTheLastOneHasWritten() {
    for (int i = 0; i < 10; i++) {
      scene.webhook("{\"id\":\"d" + i + "\",\"topics\":\"*\"}");
    }
    publish("e1", "x", "{}");
    outbox.start();
    await().atMost(LIMIT).until(() -> deliveries().size() == 10);
    outbox.close();
    log.forgetGroups();

    try (var next = scene.another()) {
      next.open();
      next.outbox.start();
      var published =
          next.outbox
              .publisher()
              .publish(event("e2", "x", "{}"))
              .orTimeout(20, TimeUnit.SECONDS)
              .join();

      assertThat(published).isInstanceOf(Published.Stored.class);
      await().atMost(LIMIT).until(() -> deliveries().size() >= 20);
      assertThat(deliveries()).hasSize(20).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatADeadOwnerHasWrittenIsNotWrittenAgain() {
    for (int i = 0; i < 6; i++) {
      scene.webhook("{\"id\":\"d" + i + "\",\"topics\":\"*\"}");
    }
    for (int i = 0; i < 3; i++) {
      publish("e" + i, "x", "{}");
    }
    for (var record : log.stored("tidegate.events")) {
      var event = EventForm.read(record).orElseThrow();
      for (int i = 0; i < 6; i += 2) {
        var destination = outbox.directory().destination("t", "d" + i).orElseThrow();
        var source = new Delivery.Source("", record.partition(), record.offset());
        var entry = Delivery.entry(source, record.headers(), event, destination);
        log.append(entry, Acks.IN_SYNC_REPLICAS, _ -> {});
      }
    }

    outbox.start();

    await().atMost(LIMIT).until(() -> deliveries().size() >= 18);
    publish("e3", "x", "{}");
    await().atMost(LIMIT).until(() -> deliveries().size() >= 24);
    assertThat(deliveries()).hasSize(24).doesNotHaveDuplicates();
  }

  @Test
  void leavesLargeDataWhereItIs() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    outbox.start();

    publish("e1", "x", "{\"a\":\"" + "x".repeat(Delivery.COPIED) + "\"}");

    awaitDeliveries("a/e1");
    var record = log.stored("tidegate.deliveries").getFirst();
    assertThat(record.value().size()).isZero();
    assertThat(Delivery.read(record).orElseThrow().isReference()).isTrue();
  }

  @Test
  void leavesDataWhereTheyAreWhenTheTopicDoesNotTakeThem() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    publish("e1", "x", "{\"n\":1}");
    publish("e2", "x", "{\"n\":2}");
    log.failNext(TOO_LARGE);

    outbox.start();

    awaitDeliveries("a/e1", "a/e2");
    var refused = delivery("a/e1");
    assertThat(refused.isReference()).isTrue();
    assertThat(refused.isOversized()).isFalse();
    assertThat(refused.event().metadata()).containsEntry("m", "1");
    assertThat(delivery("a/e2").event().data().utf8()).isEqualTo("{\"n\":2}");
  }

  /// What it then comes to is in `DeliverySenderTest`.
  @Test
  void doesNotHoldUpOthersForWhatTheTopicWillNeverTake() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    publish("e1", "x", "{\"n\":1}");
    log.failNext(TOO_LARGE);
    log.failNext(TOO_LARGE);

    outbox.start();

    await().atMost(LIMIT).until(() -> log.stored("tidegate.deliveries").size() == 1);
    var refused = delivery("a/e1");
    assertThat(refused.isOversized()).isTrue();
    assertThat(refused.event().topic()).isEqualTo("x");
    assertThat(refused.event().metadata()).isEmpty();
    assertThat(count("oversized")).isEqualTo(1);
    publish("e2", "x", "{\"n\":2}");
    awaitDeliveries("a/e1", "a/e2");
  }

  @Test
  void goesOnWhenNotEvenTheNamesOfADeliveryAreTaken() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    publish("e1", "x", "{\"n\":1}");
    log.failNext(TOO_LARGE);
    log.failNext(TOO_LARGE);
    log.failNext(TOO_LARGE);

    outbox.start();

    await().atMost(LIMIT).until(() -> count("lost") == 1);
    publish("e2", "x", "{\"n\":2}");
    awaitDeliveries("a/e2");
  }

  private double count(String outcome) {
    var counter =
        scene.meters.find("tidegate.fanout.deliveries").tag("outcome", outcome).functionCounter();
    return counter == null ? 0 : counter.count();
  }

  private Delivery delivery(String name) {
    return log.stored("tidegate.deliveries").stream()
        .filter(record -> name(record).equals(name))
        .findFirst()
        .flatMap(Delivery::read)
        .orElseThrow();
  }

  @Test
  void knowsADeletedDestinationFromOneThatIsNotKnownYet() {
    scene.webhook("{\"id\":\"a\",\"topics\":\"*\"}");
    var destination = outbox.directory().destination("t", "a").orElseThrow().value();

    outbox.changes().delete(destination);

    assertThat(outbox.directory().isGone("t/a")).isTrue();
    assertThat(outbox.directory().isGone("t/unknown")).isFalse();
  }

  private static Entry again(Stored record) {
    return new Entry("tidegate.events", record.key(), record.headers(), record.value());
  }

  private void publish(String id, String topic, String data) {
    assertThat(
            outbox
                .publisher()
                .publish(event(id, topic, data))
                .orTimeout(20, TimeUnit.SECONDS)
                .join())
        .isInstanceOf(Published.Stored.class);
  }

  private void append(String id) {
    log.append(
        EventForm.write(event(id, "x", "{}"), "0/0"),
        Acks.IN_SYNC_REPLICAS,
        answer -> {
          if (!(answer instanceof Appended.At)) {
            append(id);
          }
        });
  }

  private static Event named(String id) {
    return new Event(
        id, true, "t", "x", Optional.empty(), Instant.now(), true, Map.of(), Bytes.utf8("{}"));
  }

  private static Event event(String id, String topic, String data) {
    return new Event(
        id,
        false,
        "t",
        topic,
        Optional.empty(),
        Instant.now(),
        true,
        Map.of("m", "1"),
        Bytes.utf8(data));
  }

  private void awaitDeliveries(String... names) {
    await().atMost(LIMIT).until(() -> deliveries().size() >= names.length);
    assertThat(deliveries()).containsExactlyInAnyOrder(names);
  }

  private List<String> deliveries() {
    return log.stored("tidegate.deliveries").stream().map(FanoutTest::name).toList();
  }

  private static String name(Stored record) {
    var delivery = Delivery.read(record).orElseThrow();
    return delivery.destination() + "/" + delivery.event().id();
  }
}
