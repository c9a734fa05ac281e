package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.http.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tokens that were accepted lately, by their digest, so that a caller's next request need not pay
/// for the signature again. Bounded: the older half goes when the newer is full. Any thread.
final class SeenTokens {
  private static final int HALF = 4096;

  private record Seen(long generation, Session session) {}

  private volatile Map<Bytes, Seen> newer = new ConcurrentHashMap<>();
  private volatile Map<Bytes, Seen> older = Map.of();

  /// @param generation of the keys: what older keys had signed counts no longer
  /// @param earliest sessions that ended before are over
  Optional<Session> find(String token, long generation, Instant earliest) {
    var digest = digest(token);
    var seen = newer.get(digest);
    if (seen == null) {
      seen = older.get(digest);
    }
    if (seen == null
        || seen.generation != generation
        || seen.session.expires().filter(end -> !earliest.isBefore(end)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(seen.session);
  }

  void add(String token, long generation, Session session) {
    if (newer.size() >= HALF) {
      turn();
    }
    newer.put(digest(token), new Seen(generation, session));
  }

  private synchronized void turn() {
    if (newer.size() >= HALF) {
      older = newer;
      newer = new ConcurrentHashMap<>();
    }
  }

  private static Bytes digest(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return Bytes.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
