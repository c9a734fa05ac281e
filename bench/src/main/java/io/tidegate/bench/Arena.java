package io.tidegate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Where processes are started: a folder with one folder for each side.
record Arena(Path folder) {

  private static final String DATA = "data";

  /// Starts a process in its folder, in which it finds the data it left there before.
  Target start(Side side, Work work, Side.Likeness likeness) {
    var port = Target.freePort();
    var kafkaPort = Target.freePort();
    var metricsPort = Target.freePort();
    return Target.start(
        side, new Side.Serving(work, port, kafkaPort, metricsPort, folderOf(side), likeness));
  }

  /// Takes away what a side has stored; it must not run.
  void clear(Side side) {
    empty(folderOf(side).resolve(DATA));
  }

  /// A folder of that name with nothing in it.
  Path fresh(String name) {
    var data = folder.resolve(name);
    empty(data);
    return data;
  }

  private static void empty(Path data) {
    if (!Files.exists(data)) {
      return;
    }
    try (var files = Files.walk(data)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new BenchFailure("old data in " + data + " cannot be deleted: " + failed, failed);
    }
  }

  /// @throws BenchFailure when the disk has less than that left
  void needSpace(long bytes) {
    try {
      var free = Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
      if (free < bytes) {
        throw new BenchFailure(
            "%s has %d MiB free, this run may need %d MiB: give another folder with --work, or --quick"
                .formatted(folder, free >> 20, bytes >> 20));
      }
    } catch (IOException failed) {
      throw new BenchFailure(folder + " cannot be used: " + failed, failed);
    }
  }

  private Path folderOf(Side side) {
    try {
      return Files.createDirectories(folder.resolve(side.name()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
