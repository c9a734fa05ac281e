package io.tidegate.app;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a configuration comes from, and its text at this moment.
///
/// @param file absent for the built-in one
record ConfigSource(String name, Optional<Path> file, Bytes bytes) {
  private static final long LARGEST = 4 << 20;

  static ConfigSource of(@Nullable Path file) {
    return file == null ? builtIn() : read(file);
  }

  static ConfigSource builtIn() {
    try (var in = ConfigSource.class.getResourceAsStream("/default.yaml")) {
      if (in == null) {
        throw new IllegalStateException("default.yaml is missing from the distribution");
      }
      return new ConfigSource("built-in", Optional.empty(), Bytes.wrap(in.readAllBytes()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static ConfigSource read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new UserFault(file + " is a folder; name the configuration file in it");
      }
      if (Files.size(file) > LARGEST) {
        throw new UserFault(file + " is larger than 4 MiB, which no configuration needs to be");
      }
      return new ConfigSource(
          file.toString(), Optional.of(file), Bytes.wrap(Files.readAllBytes(file)));
    } catch (IOException failed) {
      throw new UserFault("cannot read " + file + ": " + reason(failed), failed);
    }
  }

  private static String reason(IOException failed) {
    return switch (failed) {
      case java.nio.file.NoSuchFileException _ -> "there is no such file";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(failed.getMessage());
    };
  }

  String text() {
    return bytes.utf8();
  }
}
