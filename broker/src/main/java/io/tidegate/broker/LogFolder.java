package io.tidegate.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.PropertiesUtils;
import org.apache.kafka.metadata.storage.Formatter;

/// Kafka's own folder: formatted when fresh, checked when not, so that what is wrong with it is
/// said in our words before Kafka stumbles over it.
record LogFolder(Path data, Path path) {

  /// `version` in `meta.properties`, as this Kafka writes it.
  private static final int META_VERSION = 1;

  void prepare() {
    try {
      Files.createDirectories(path);
      var meta = path.resolve("meta.properties");
      if (Files.exists(meta)) {
        check(meta);
      } else if (holdsRecords()) {
        throw BrokerFailure.broken(meta, "it is missing, and the folder is not empty");
      } else {
        format();
      }
    } catch (IOException refused) {
      throw BrokerFailure.notWritable(path, refused);
    }
  }

  private void check(Path meta) throws IOException {
    var version = version(meta);
    if (version > META_VERSION) {
      throw BrokerFailure.newer(data, "meta.properties", version, META_VERSION);
    }
    if (version < META_VERSION || node(meta) != KafkaSettings.NODE) {
      throw BrokerFailure.broken(meta, "it is not of this node");
    }
  }

  private static int version(Path meta) throws IOException {
    try {
      return Integer.parseInt(properties(meta).getProperty("version", ""));
    } catch (NumberFormatException garbage) {
      throw BrokerFailure.broken(meta, "version is not a number");
    }
  }

  private static int node(Path meta) throws IOException {
    var properties = properties(meta);
    try {
      return new MetaProperties.Builder(properties).build().nodeId().orElse(0);
    } catch (RuntimeException garbage) {
      throw BrokerFailure.broken(meta, String.valueOf(garbage.getMessage()));
    }
  }

  private static Properties properties(Path meta) throws IOException {
    try {
      return PropertiesUtils.readPropertiesFile(meta.toString());
    } catch (IllegalArgumentException garbage) {
      throw BrokerFailure.broken(meta, String.valueOf(garbage.getMessage()));
    }
  }

  /// A format cut short leaves files but no records; it is simply done again.
  private boolean holdsRecords() throws IOException {
    try (var files = Files.walk(path, 2)) {
      return files.anyMatch(file -> file.toString().endsWith(".log") && file.toFile().length() > 0);
    }
  }

  private void format() throws IOException {
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(KafkaSettings.NODE)
          .setControllerListenerName(KafkaSettings.CONTROLLER)
          .setMetadataLogDirectory(Optional.of(path.toString()))
          .setDirectories(List.of(path.toString()))
          .run();
    } catch (IOException refused) {
      throw refused;
    } catch (Exception unexpected) {
      throw BrokerFailure.notStarted(data, unexpected);
    }
  }
}
