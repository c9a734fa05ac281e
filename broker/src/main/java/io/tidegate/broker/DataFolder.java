package io.tidegate.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.metadata.properties.PropertiesUtils;
import org.apache.kafka.server.common.MetadataVersion;

/// The folder of one node, held by one process at a time.
///
///     data/tidegate.lock         held while open
///     data/tidegate.properties   format of the folder, Kafka's metadata level, port to come back on
///     data/kafka/                Kafka's own
final class DataFolder implements AutoCloseable {

  static final int FORMAT = 1;

  private static final String FORMAT_KEY = "format";
  private static final String METADATA_KEY = "kafka.metadata.version";
  private static final String PORT_KEY = "kafka.port";

  private final Path data;
  private final FolderLock lock;
  private final Properties facts;

  private DataFolder(Path data, FolderLock lock, Properties facts) {
    this.data = data;
    this.lock = lock;
    this.facts = facts;
  }

  /// Opens the folder, or says why it cannot be used. Nothing in it is changed before all checks
  /// have passed.
  static DataFolder open(DiskSpace disk) {
    var data = disk.folder();
    if (data.toString().contains(",")) {
      throw BrokerFailure.comma(data);
    }
    try {
      Files.createDirectories(data);
      var lock = FolderLock.take(data);
      try {
        checkSpace(disk);
        return new DataFolder(data, lock, readFacts(data));
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException refused) {
      throw BrokerFailure.notWritable(data, refused);
    }
  }

  Path path() {
    return data;
  }

  Path kafka() {
    return data.resolve("kafka");
  }

  OptionalInt port() {
    var port = number(data, facts, PORT_KEY);
    return port.isPresent() ? OptionalInt.of((int) port.getAsLong()) : OptionalInt.empty();
  }

  /// Writes down what the next start must know.
  void remember(int port) {
    var next = new Properties();
    next.putAll(facts);
    next.putIfAbsent(FORMAT_KEY, Integer.toString(FORMAT));
    next.putIfAbsent(METADATA_KEY, Short.toString(metadataLevel()));
    next.setProperty(PORT_KEY, Integer.toString(port));
    if (next.equals(facts)) {
      return;
    }
    try {
      PropertiesUtils.writePropertiesFile(next, factsFile(data).toString(), true);
    } catch (IOException refused) {
      throw BrokerFailure.notWritable(data, refused);
    }
    facts.putAll(next);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException ended) {
      throw BrokerFailure.notWritable(data, ended);
    }
  }

  private static void checkSpace(DiskSpace disk) {
    var needed = disk.watermarkBytes() / 4;
    var free = disk.freeBytes();
    if (free < needed) {
      throw BrokerFailure.full(disk.folder(), free, needed);
    }
  }

  private static Properties readFacts(Path data) throws IOException {
    var file = factsFile(data);
    if (!Files.exists(file)) {
      return new Properties();
    }
    var facts = properties(file);
    var format = number(data, facts, FORMAT_KEY);
    if (format.isEmpty()) {
      throw BrokerFailure.broken(file, "no " + FORMAT_KEY);
    }
    checkReadable(data, "data format", format, FORMAT);
    checkReadable(data, "Kafka metadata level", number(data, facts, METADATA_KEY), metadataLevel());
    return facts;
  }

  private static Properties properties(Path file) throws IOException {
    try {
      return PropertiesUtils.readPropertiesFile(file.toString());
    } catch (IllegalArgumentException garbage) {
      throw BrokerFailure.broken(file, String.valueOf(garbage.getMessage()));
    }
  }

  private static void checkReadable(Path data, String what, OptionalLong found, long readable) {
    if (found.orElse(0) > readable) {
      throw BrokerFailure.newer(data, what, found.getAsLong(), readable);
    }
  }

  private static OptionalLong number(Path data, Properties facts, String key) {
    var text = facts.getProperty(key);
    try {
      return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException garbage) {
      throw BrokerFailure.broken(factsFile(data), key + " is not a number");
    }
  }

  private static short metadataLevel() {
    return MetadataVersion.latestProduction().featureLevel();
  }

  private static Path factsFile(Path data) {
    return data.resolve("tidegate.properties");
  }
}
