package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaNodeIT {

  @TempDir Path data;

  @BeforeEach
  void format() {
    new LogFolder(data, data.resolve("kafka")).prepare();
  }

  @Test
  void failsCleanlyWhenItsClientPortIsTakenAtTheLastMoment() throws IOException {
    var ports = LoopbackPorts.choose(OptionalInt.of(0), OptionalInt.empty());

    failsToStart(ports, ports.clients());
  }

  @Test
  void failsCleanlyWhenItsControllerPortIsTakenAtTheLastMoment() throws IOException {
    var ports = LoopbackPorts.choose(OptionalInt.of(0), OptionalInt.empty());

    failsToStart(ports, ports.controller());
  }

  private void failsToStart(LoopbackPorts ports, int taken) throws IOException {
    var settings = KafkaSettings.of(data.resolve("kafka"), ports, Durability.PAGE_CACHE);
    try (var other = new ServerSocket(taken, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThat(other.isBound()).isTrue();

      assertThatThrownBy(() -> new KafkaNode(_ -> {}).start(data, settings))
          .isInstanceOf(BrokerFailure.class)
          .hasMessageStartingWith("the embedded Kafka on data folder " + data + " did not start (");
      assertThat(ports.areFree()).isFalse();
    }
    assertThat(ports.areFree()).isTrue();
  }
}
