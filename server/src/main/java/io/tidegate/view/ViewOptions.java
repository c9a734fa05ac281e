package io.tidegate.view;

import java.nio.file.Path;
import java.time.Duration;

/// How the views of one cluster are kept.
///
/// @param cluster its name, for messages and metrics
/// @param folder where the views lie on disk; it is theirs alone, and may be deleted while nothing
///   runs
/// @param memoryBytes what all views together keep in memory, roughly
/// @param dynamicViews how many topics that the configuration does not name may be open
/// @param idle when such a topic is closed after its last use
/// @param patience how long a reader waits for a view that is catching up
public record ViewOptions(
    String cluster,
    Path folder,
    long memoryBytes,
    int dynamicViews,
    Duration idle,
    Duration patience) {

  public ViewOptions {
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("memoryBytes must be at least 1, was " + memoryBytes);
    }
    if (dynamicViews < 0) {
      throw new IllegalArgumentException("dynamicViews must not be negative: " + dynamicViews);
    }
  }

  /// With 64 MiB of memory, 256 dynamic views (each has a consumer and its thread), ten minutes and
  /// four seconds.
  public static ViewOptions of(String cluster, Path folder) {
    return new ViewOptions(
        cluster, folder, 64 << 20, 256, Duration.ofMinutes(10), Duration.ofSeconds(4));
  }

  public ViewOptions withMemoryBytes(long bytes) {
    return new ViewOptions(cluster, folder, bytes, dynamicViews, idle, patience);
  }

  public ViewOptions withDynamicViews(int count) {
    return new ViewOptions(cluster, folder, memoryBytes, count, idle, patience);
  }
}
