package io.tidegate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.broker.Broker;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several instances on one real node.
class RegistriesIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path data;

  private final List<Instance> instances = new ArrayList<>();
  private EmbeddedBroker broker;

  @BeforeEach
  void startNode() {
    broker = EmbeddedBroker.start(BrokerOptions.in(data));
  }

  @AfterEach
  void stopAll() {
    instances.forEach(Instance::close);
    broker.close();
  }

  private static final class Instance {
    final KafkaLog log;
    final Registries registries;
    final Registry<String> notes;

    Instance(Broker broker) {
      log =
          new KafkaLog(
              KafkaSettings.plain("test", broker.bootstrap()),
              Time.system(),
              new SimpleMeterRegistry());
      log.create(Notes.topics(), LIMIT);
      registries = new Registries(log, Time.system(), new SimpleMeterRegistry());
      notes = registries.add(new Notes());
      registries.start();
      assertThat(registries.awaitReplay(LIMIT)).isTrue();
    }

    Outcome submit(String action, String note, String text) {
      return registries.submit(Notes.command(action, note, text), LIMIT);
    }

    boolean knows(String note, String text) {
      return notes.find(note).map(Snapshot::value).orElse("").equals(text);
    }

    void close() {
      registries.close();
      log.close();
    }
  }

  private Instance instance() {
    var instance = new Instance(broker);
    instances.add(instance);
    return instance;
  }

  @Test
  void threeInstancesConvergeWithinABlink() {
    var all = List.of(instance(), instance(), instance());
    all.getFirst().submit("write", "warm", "up");
    var millis = new ArrayList<Double>();
    for (var i = 0; i < 300; i++) {
      var note = "n" + i;
      var writer = all.get(i % 3);
      var started = System.nanoTime();
      var submitted = CompletableFuture.supplyAsync(() -> writer.submit("write", note, "a"));
      for (var each : all) {
        while (!each.knows(note, "a")) {
          LockSupport.parkNanos(200_000);
          assertThat(System.nanoTime() - started).isLessThan(LIMIT.toNanos());
        }
      }
      millis.add((System.nanoTime() - started) / 1e6);
      assertThat(submitted.orTimeout(40, TimeUnit.SECONDS).join())
          .isEqualTo(new Outcome.Accepted(1));
    }
    millis.sort(null);
    System.out.printf(
        "registry: from command to known by all of three instances: p50 %.1f ms, p99 %.1f ms%n",
        millis.get(150), millis.get(296));
  }

  @Test
  void anotherInstanceGoesOnWhenTheRegistrarIsGone() {
    var one = instance();
    await().atMost(LIMIT).until(one.registries::isRegistrar);
    var two = instance();
    one.submit("write", "n", "a");

    one.close();
    instances.remove(one);

    assertThat(two.submit("write", "n", "b")).isEqualTo(new Outcome.Accepted(2));
    assertThat(two.registries.isRegistrar()).isTrue();
  }

  @Test
  void oneOfTwoWritersForTheSameVersionIsRefused() {
    var one = instance();
    var two = instance();
    for (var i = 0; i < 20; i++) {
      var note = "n" + i;
      var outcomes =
          List.of(one, two).stream()
              .map(each ->
                  CompletableFuture.supplyAsync(() ->
                      each.registries.submit(
                          Notes.command("write", note, "a").put("expected_version", 0), LIMIT)))
              .toList()
              .stream()
              .map(each -> each.orTimeout(40, TimeUnit.SECONDS).join())
              .toList();

      assertThat(outcomes).filteredOn(new Outcome.Accepted(1)::equals).hasSize(1);
      assertThat(outcomes).filteredOn(Outcome.Rejected.class::isInstance).hasSize(1);
    }
  }

  @Test
  void revocationsOutliveTheirTopic() throws Exception {
    var one = instance();
    one.submit("strike", "n", "");
    one.submit("write", "m", "a");
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.deleteTopics(List.of("tidegate.notes")).all().get();
    }
    await().atMost(LIMIT).until(() -> one.registries.check().isPresent());
    assertThat(one.knows("n", Notes.STRUCK)).isTrue();

    one.log.create(Notes.topics(), LIMIT);

    // What is lost is noticed and written anew a moment after the topic is there again.
    var two = instance();
    await().atMost(LIMIT).until(() -> two.knows("n", Notes.STRUCK) && two.knows("m", "a"));
    await().atMost(LIMIT).until(() -> one.registries.check().isEmpty());
  }
}
