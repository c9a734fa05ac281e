package io.tidegate.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// One embedded Kafka per test JVM, for the tests of every module: started by whoever asks first,
/// on any free port and a temporary folder, stopped and deleted when the JVM ends. Tests share it,
/// so each names its topics for itself.
public final class SharedBroker {

  private SharedBroker() {}

  /// Where it listens; starts it on the first call.
  public static String bootstrap() {
    return broker().bootstrap();
  }

  public static Broker broker() {
    return Holder.BROKER;
  }

  private static final class Holder {
    static final Broker BROKER = start();

    private static Broker start() {
      try {
        var data = Files.createTempDirectory("tidegate-shared-broker");
        var broker = EmbeddedBroker.start(BrokerOptions.in(data).withPort(0));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(broker, data)));
        return broker;
      } catch (IOException refused) {
        throw new UncheckedIOException(refused);
      }
    }

    private static void end(Broker broker, Path data) {
      broker.close();
      try (var files = Files.walk(data)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (IOException left) {
        // a temporary folder: the system clears it
      }
    }
  }
}
