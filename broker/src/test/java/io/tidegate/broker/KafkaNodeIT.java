package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaNodeIT {

  @TempDir Path data;

  @Test
  void aPortThatIsTakenAtTheLastMomentIsKnownByItsCause() throws IOException {
    new LogFolder(data, data.resolve("kafka")).prepare();
    try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        var free = new ServerSocket(0)) {
      var ports = new LoopbackPorts(other.getLocalPort(), free.getLocalPort());
      free.close();
      var settings = KafkaSettings.of(data.resolve("kafka"), ports, Durability.PAGE_CACHE);

      var failure = catchThrowable(() -> new KafkaNode(_ -> {}).start(data, settings));

      assertThat(failure)
          .isInstanceOf(BrokerFailure.class)
          .hasRootCauseInstanceOf(BindException.class);
    }
  }
}
