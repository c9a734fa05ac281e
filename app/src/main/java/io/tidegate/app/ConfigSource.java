package io.tidegate.app;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a configuration comes from, and its text at this moment.
///
/// @param name of the file, or the URL without what might be secret in it
record ConfigSource(String name, Bytes bytes) {
  static final int LARGEST = 4 << 20;

  /// @param location a file, or a URL that begins with `http://` or `https://`; null for the
  ///   configuration that is built in
  static ConfigSource of(@Nullable String location) {
    if (location == null) {
      return builtIn();
    }
    return isUrl(location) ? RemoteConfig.read(location) : read(Path.of(location));
  }

  static boolean isUrl(String location) {
    return location.startsWith("http://") || location.startsWith("https://");
  }

  static ConfigSource builtIn() {
    try (var in = ConfigSource.class.getResourceAsStream("/default.yaml")) {
      if (in == null) {
        throw new IllegalStateException("default.yaml is missing from the distribution");
      }
      return new ConfigSource("built-in", Bytes.wrap(in.readAllBytes()));
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
      return new ConfigSource(file.toString(), Bytes.wrap(Files.readAllBytes(file)));
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
