package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class CrashIT {

  @TempDir Path data;

  @Test
  void everyAcknowledgedRecordSurvivesTheKillOfTheProcess() throws Exception {
    int acknowledged;
    try (var child = ChildNode.spawn("write", data)) {
      child.awaitLine("acknowledged 20000");
      acknowledged =
          (int) child.kill().stream().filter(line -> line.matches("acknowledged \\d+")).count();
    }

    try (var broker = EmbeddedBroker.start(BrokerOptions.in(data).withPort(0))) {
      var expected = 20_001 + acknowledged;
      var values = new TestTopic(broker.bootstrap(), "orders").values(expected);

      assertThat(values.subList(0, expected))
          .containsExactlyElementsOf(
              IntStream.range(0, expected).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void aShutdownHookStopsItInAnOrderlyWay() throws Exception {
    try (var child = ChildNode.spawn("exit", data)) {
      assertThat(child.awaitExit()).isZero();
    }

    assertThat(data.resolve("kafka/.kafka_cleanshutdown")).exists();
  }

  @Test
  void aFatalFaultIsToldAndTheProcessCanEnd() throws Exception {
    try (var child = ChildNode.spawn("lose data", data.resolve("node"))) {
      assertThat(child.awaitExit()).isEqualTo(3);
    }
  }
}
