package io.tidegate.broker;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// How to run the embedded node.
///
/// @param data the node's folder; made when absent
/// @param port the port for clients; empty: the one used last time, else 9094 or the next free one;
///   0: the one used last time, else any free one
/// @param watermarkBytes what must stay free on the disk for writes to be accepted; the start needs
///   a quarter of it
/// @param onFatal told once, on a thread of its own, when Kafka stops by its own fault; the process
///   should then end through `System.exit`, since threads of Kafka may be left behind
public record BrokerOptions(
    Path data,
    OptionalInt port,
    Durability durability,
    long watermarkBytes,
    Consumer<String> onFatal) {

  private static final long WATERMARK = 256L << 20;

  public BrokerOptions {
    port.ifPresent(BrokerOptions::checkPort);
    data = data.toAbsolutePath().normalize();
  }

  /// The defaults, with the data in that folder.
  public static BrokerOptions in(Path data) {
    return new BrokerOptions(
        data, OptionalInt.empty(), Durability.PAGE_CACHE, WATERMARK, message -> {});
  }

  public BrokerOptions withPort(int port) {
    return new BrokerOptions(data, OptionalInt.of(port), durability, watermarkBytes, onFatal);
  }

  public BrokerOptions withDurability(Durability durability) {
    return new BrokerOptions(data, port, durability, watermarkBytes, onFatal);
  }

  public BrokerOptions withWatermarkBytes(long watermarkBytes) {
    return new BrokerOptions(data, port, durability, watermarkBytes, onFatal);
  }

  public BrokerOptions withOnFatal(Consumer<String> onFatal) {
    return new BrokerOptions(data, port, durability, watermarkBytes, onFatal);
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, was " + port);
    }
  }
}
