package io.tidegate.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The disk under a folder and how much of it must stay free. Kafka stops for good when a write
/// fails, so writes are refused before. Asks the system each time (microseconds): poll it, do not
/// ask per request.
public record DiskSpace(Path folder, long watermarkBytes) {

  public DiskSpace {
    if (watermarkBytes < 0) {
      throw new IllegalArgumentException(
          "watermarkBytes must not be negative, was " + watermarkBytes);
    }
  }

  public long freeBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException gone) {
      throw new UncheckedIOException("cannot tell the free space under " + folder, gone);
    }
  }

  /// True when writes should be refused until space is made.
  public boolean isLow() {
    return freeBytes() < watermarkBytes;
  }
}
