package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.nio.file.Path;
import java.util.List;

/// A file of keys or certificates.
///
/// @param type `pkcs12`, `jks` or `pem`
/// @param aliases the entries that count; empty means all
public record VaultStore(Path file, String type, Secret password, List<String> aliases) {
  public VaultStore {
    aliases = List.copyOf(aliases);
  }
}
