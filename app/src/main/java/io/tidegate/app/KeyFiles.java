package io.tidegate.app;

import io.tidegate.base.Secret;
import io.tidegate.registry.SealingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The keys that are in no topic: from the environment, else from a file in the data folder that
/// only its owner may read, made when it is first needed.
///
///     sealing key    TIDEGATE_KEY, TIDEGATE_KEY_FILE, DATA/sealing.key
///     operator's key TIDEGATE_ADMIN_KEY, DATA/admin.key
///
/// @param environment the value of a variable, or null
record KeyFiles(Path data, UnaryOperator<@Nullable String> environment) {
  private static final int SHORTEST = 16;

  /// A key, and whether it was made just now, so that it has to be shown.
  record Found(Secret key, boolean isNew) {}

  SealingKey sealingKey() {
    var found =
        variable("TIDEGATE_KEY")
            .or(() -> variable("TIDEGATE_KEY_FILE").map(file -> read(Path.of(file))))
            .map(Secret::new)
            .orElseGet(() -> kept("sealing.key").key());
    try {
      return SealingKey.parse(found);
    } catch (IllegalArgumentException unusable) {
      throw new UserFault(
          unusable.getMessage()
              + " (TIDEGATE_KEY, TIDEGATE_KEY_FILE or "
              + data.resolve("sealing.key")
              + ")");
    }
  }

  Found adminKey() {
    var given = variable("TIDEGATE_ADMIN_KEY");
    if (given.isPresent() && given.get().length() < SHORTEST) {
      throw new UserFault("TIDEGATE_ADMIN_KEY has less than " + SHORTEST + " characters");
    }
    return given.map(key -> new Found(new Secret(key), false)).orElseGet(() -> kept("admin.key"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private Found kept(String name) {
    var file = data.resolve(name);
    if (Files.exists(file)) {
      return new Found(new Secret(read(file)), false);
    }
    var fresh = SealingKey.generate();
    try {
      Files.createDirectories(data);
      var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var out = Files.newByteChannel(file, options, mine)) {
        var text = (fresh.reveal() + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(java.nio.ByteBuffer.wrap(text));
      }
      return new Found(fresh, true);
    } catch (FileAlreadyExistsException other) {
      return new Found(new Secret(read(file)), false);
    } catch (IOException failed) {
      throw new UserFault("the key " + file + " cannot be written: " + failed.getMessage());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException failed) {
      throw new UserFault("the key " + file + " cannot be read: " + failed.getMessage());
    }
  }
}
