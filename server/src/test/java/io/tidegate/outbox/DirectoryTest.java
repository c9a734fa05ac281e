package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Many destinations: what they take, and how long it takes to find those of an event.
class DirectoryTest {
  private static final int TENANTS = 10_000;
  private static final int EACH = 10;
  private static final long MIB = 1 << 20;

  private final MemoryLog log = new MemoryLog();
  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          TopicPolicy.OPEN,
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          1000);

  @Test
  void holdsAHundredThousandDestinationsAndFindsThoseOfAnEvent() {
    var limit = Duration.ofSeconds(60);
    log.create(Registries.topics(Outbox.kinds(settings, key)), limit);
    log.create(Outbox.topics(), limit);
    fill();
    log.settle();
    var registries = new Registries(log, Time.system(), new SimpleMeterRegistry());
    try (var outbox = new Outbox(settings, registries, log, key, Time.system())) {
      var before = used();
      registries.start();
      assertThat(registries.awaitReplay(limit)).isTrue();
      var taken = used() - before;

      assertThat(outbox.directory().tenants()).hasSize(TENANTS);
      assertThat(taken / MIB).as("MiB for %d destinations", TENANTS * EACH).isLessThan(300);
      var started = System.nanoTime();
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        assertThat(outbox.directory().matching(event("t" + tenant, "order.paid")))
            .hasSize(EACH / 2);
      }
      var each = Duration.ofNanos((System.nanoTime() - started) / TENANTS);
      assertThat(each).isLessThan(Duration.ofMillis(1));
    } finally {
      registries.close();
      log.close();
    }
  }

  private static Event event(String tenant, String topic) {
    return new Event(
        "e",
        false,
        tenant,
        topic,
        Optional.empty(),
        Instant.EPOCH,
        true,
        Map.of(),
        Bytes.utf8("{}"));
  }

  private void fill() {
    var sealed = key.seal(new Secret("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="));
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      append("tidegate.tenants", "t" + tenant, "{\"life\":1,\"born\":1}");
      for (int each = 0; each < EACH; each++) {
        var topic = each % 2 == 0 ? "order.*" : "user.created";
        append(
            "tidegate.destinations",
            "t" + tenant + "/d" + each,
            "{\"tenant\":\"t%d\",\"id\":\"d%d\",\"life\":1,\"type\":\"webhook\",\"topics\":[\"%s\"],\"config\":{\"url\":\"https://hooks.example.com/t%d/%d\"},\"credentials\":{\"secret\":\"%s\"}}"
                .formatted(tenant, each, topic, tenant, each, sealed));
      }
    }
  }

  private void append(String topic, String id, String value) {
    var snapshot =
        "{\"version\":1,\"intake\":\"x\",\"offset\":1,\"created\":1,\"changed\":1,\"value\":%s}"
            .formatted(value);
    log.append(
        new Entry(topic, Bytes.utf8(id), List.of(), Bytes.utf8(snapshot)),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
