package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Attempts for one destination that failed, with none in between that did not.
///
/// @param version of the destination; what failed for another one does not count
/// @param since when the first one failed, and `last` when the last one did
public record Streak(long version, int failures, Instant since, Instant last) {
  private static final JsonMapper JSON = new JsonMapper();

  static Streak first(long version, Instant at) {
    return new Streak(version, 1, at, at);
  }

  /// One more; it begins anew with a later version, and when nothing was tried for too long. One of
  /// an earlier version is old news.
  Streak and(long of, Instant at, Duration forgetAfter) {
    if (of < version) {
      return this;
    }
    boolean goesOn = of == version && last.plus(forgetAfter).isAfter(at);
    return goesOn ? new Streak(version, failures + 1, since, at) : first(of, at);
  }

  Duration lasting() {
    return Duration.between(since, last);
  }

  Bytes write() {
    var written = JSON.createObjectNode();
    written.put("version", version).put("failures", failures);
    written.put("since", since.toEpochMilli()).put("last", last.toEpochMilli());
    return Bytes.wrap(JSON.writeValueAsBytes(written));
  }

  /// Nothing when it is none.
  static Optional<Streak> read(Bytes text) {
    try {
      var node = JSON.readTree(text.array());
      return Optional.of(
              new Streak(
                  node.path("version").asLong(0),
                  node.path("failures").asInt(0),
                  Instant.ofEpochMilli(node.path("since").asLong(0)),
                  Instant.ofEpochMilli(node.path("last").asLong(0))))
          .filter(streak -> streak.failures > 0);
    } catch (JacksonException somebodyElses) {
      return Optional.empty();
    }
  }
}
