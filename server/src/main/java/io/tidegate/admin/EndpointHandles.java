package io.tidegate.admin;

import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.registry.Registry;
import io.tidegate.registry.Snapshot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the management API calls endpoints: a name made from the id by a one-way function, since
/// the id is half of a secret and is shown once. Any thread.
final class EndpointHandles {
  private static final String PREFIX = "ep_";

  private final Registry<RegisteredEndpoint> registry;
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  EndpointHandles(Registry<RegisteredEndpoint> registry) {
    this.registry = registry;
  }

  static String of(String id) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("tidegate endpoint ".getBytes(StandardCharsets.UTF_8));
      var hash = digest.digest(id.getBytes(StandardCharsets.UTF_8));
      return PREFIX + HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// The endpoint of that handle, revoked ones included.
  Optional<Snapshot<RegisteredEndpoint>> find(String handle) {
    var id = ids.get(handle);
    if (id == null && handle.startsWith(PREFIX)) {
      learn();
      id = ids.get(handle);
    }
    return id == null ? Optional.empty() : registry.find(id);
  }

  /// Looks at all, when one is asked for that is not known yet; one thread at a time.
  private synchronized void learn() {
    if (ids.size() < registry.size()) {
      var known = java.util.Set.copyOf(ids.values());
      registry.all().stream()
          .map(Snapshot::id)
          .filter(id -> !known.contains(id))
          .forEach(id -> ids.put(of(id), id));
    }
  }
}
