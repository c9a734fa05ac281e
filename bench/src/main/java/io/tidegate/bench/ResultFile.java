package io.tidegate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Everything that was measured, for programs.
///
/// @param processors how many the machine has; the driver and both sides share them
/// @param streams empty when they were not asked for
/// @param startup empty when it was not asked for
/// @param deliveries those that were asked for
record ResultFile(
    String started,
    int processors,
    String java,
    String jvmFlags,
    List<Comparison> comparisons,
    List<Streams.Result> streams,
    List<Startup.Result> startup,
    List<DeliveryResult> deliveries) {

  static ResultFile of(
      Instant started,
      Setup setup,
      List<Comparison> comparisons,
      List<Streams.Result> streams,
      List<Startup.Result> startup,
      List<DeliveryResult> deliveries) {
    return new ResultFile(
        started.toString(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        setup.jvm().toString(),
        List.copyOf(comparisons),
        List.copyOf(streams),
        List.copyOf(startup),
        List.copyOf(deliveries));
  }

  void write(Path file) {
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    try {
      Files.writeString(file, json.writeValueAsString(this));
    } catch (IOException failed) {
      throw new BenchFailure("results cannot be written to " + file + ": " + failed, failed);
    }
  }
}
