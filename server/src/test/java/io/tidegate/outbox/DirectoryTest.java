package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
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

  private final OutboxScene scene = new OutboxScene(TopicPolicy.OPEN, 1000);

  @Test
  void holdsAHundredThousandDestinationsAndFindsThoseOfAnEvent() {
    scene.createTopics();
    fill();
    scene.log.settle();
    try (scene) {
      var directory = scene.outbox.directory();
      var before = used();
      scene.open();
      var taken = used() - before;

      assertThat(directory.tenants()).hasSize(TENANTS);
      assertThat(taken / MIB).as("MiB for %d destinations", TENANTS * EACH).isLessThan(300);
      var started = System.nanoTime();
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        assertThat(directory.matching(event("t" + tenant, "order.paid"))).hasSize(EACH / 2);
      }
      var each = Duration.ofNanos((System.nanoTime() - started) / TENANTS);
      assertThat(each).isLessThan(Duration.ofMillis(1));
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
    var sealed = scene.key.seal(new Secret("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="));
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
    scene.log.append(
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
