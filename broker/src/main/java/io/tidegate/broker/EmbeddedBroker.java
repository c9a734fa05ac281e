package io.tidegate.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Apache Kafka inside this process. One per data folder, usually one per process.
///
///     open the folder → format or check Kafka's folder → choose and remember ports → start
public final class EmbeddedBroker implements Broker {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  /// Another process can take a port between our choice and Kafka's use of it.
  private static final int ATTEMPTS = 3;

  private final DataFolder folder;
  private final DiskSpace disk;
  private final LoopbackPorts ports;
  private final KafkaNode node;

  private EmbeddedBroker(DataFolder folder, DiskSpace disk, LoopbackPorts ports, KafkaNode node) {
    this.folder = folder;
    this.disk = disk;
    this.ports = ports;
    this.node = node;
  }

  /// Returns once clients are served (two to three seconds), or throws with nothing left behind.
  ///
  /// @throws BrokerFailure when it cannot start; the message says what to do
  public static EmbeddedBroker start(BrokerOptions options) {
    var disk = new DiskSpace(options.data(), options.watermarkBytes());
    var folder = DataFolder.open(disk);
    try {
      new LogFolder(folder.path(), folder.kafka()).prepare();
      return start(options, folder, disk);
    } catch (RuntimeException failed) {
      folder.close();
      throw failed;
    }
  }

  private static EmbeddedBroker start(BrokerOptions options, DataFolder folder, DiskSpace disk) {
    for (var attempt = 1; ; attempt++) {
      var ports = ports(options, folder);
      folder.remember(ports.clients());
      var node = new KafkaNode(fatal(options.onFatal(), disk));
      try {
        node.start(folder.path(), KafkaSettings.of(folder.kafka(), ports, options.durability()));
        return new EmbeddedBroker(folder, disk, ports, node);
      } catch (BrokerFailure failed) {
        if (attempt == ATTEMPTS || ports.areFree()) {
          throw failed;
        }
      }
    }
  }

  private static LoopbackPorts ports(BrokerOptions options, DataFolder folder) {
    var remembered = folder.port();
    try {
      var ports = LoopbackPorts.choose(options.port(), remembered);
      if (remembered.isPresent() && remembered.getAsInt() != ports.clients()) {
        LOG.atWarn()
            .addKeyValue("before", remembered.getAsInt())
            .addKeyValue("now", ports.clients())
            .log("the port of the embedded Kafka has changed");
      }
      return ports;
    } catch (BindException taken) {
      throw BrokerFailure.portTaken(options.port().orElse(0), taken);
    } catch (IOException refused) {
      throw BrokerFailure.notStarted(folder.path(), refused);
    }
  }

  private static Consumer<String> fatal(Consumer<String> onFatal, DiskSpace disk) {
    return fault -> onFatal.accept(fault + likelyCause(disk));
  }

  private static String likelyCause(DiskSpace disk) {
    try {
      return disk.isLow() ? "; the disk of " + disk.folder() + " is full: make space" : "";
    } catch (UncheckedIOException gone) {
      return "; the data folder " + disk.folder() + " is gone";
    }
  }

  @Override
  public String bootstrap() {
    return ports.clientAddress();
  }

  @Override
  public boolean isRunning() {
    return node.isRunning();
  }

  @Override
  public DiskSpace disk() {
    return disk;
  }

  /// The folder stays locked when threads of Kafka are left that may still write to it.
  @Override
  public void close() {
    if (node.stop()) {
      folder.close();
    }
  }
}
