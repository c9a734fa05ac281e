package io.tidegate.guard;

import java.time.Duration;
import java.util.Optional;

/// Judges callers by the credentials they show.
///
/// Runs on the event loop, once for each request that carries credentials: it must not block. What
/// it needs from elsewhere (keys) it fetches beforehand, in the background.
public interface Guard {

  /// `namespace:guard`
  String name();

  /// As the configuration calls it: `jwt`.
  String type();

  /// @param credentials what the configured pattern found in the request, as it was sent
  Verdict judge(String credentials);

  /// How long before its end a session that lasts as long as a reply should be renewed; empty when
  /// nobody is asked to.
  default Optional<Duration> challenge() {
    return Optional.empty();
  }
}
