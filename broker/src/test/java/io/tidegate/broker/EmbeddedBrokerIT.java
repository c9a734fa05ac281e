package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

  @TempDir Path data;

  @Test
  void findsItsDataAndItsPortAgainAfterARestart() throws Exception {
    String before;
    try (var broker = start()) {
      before = broker.bootstrap();
      new TestTopic(before, "orders").create(Map.of()).append("k", "first");
    }

    try (var broker = start()) {
      var topic = new TestTopic(broker.bootstrap(), "orders");
      topic.append("k", "second");

      assertThat(broker.bootstrap()).isEqualTo(before).startsWith("127.0.0.1:");
      assertThat(topic.values(2)).containsExactly("first", "second");
    }
  }

  private Broker start() {
    return EmbeddedBroker.start(BrokerOptions.in(data).withPort(0));
  }
}
