package io.tidegate.guard;

import io.tidegate.http.Session;

/// What a guard thinks of a caller.
public sealed interface Verdict {

  /// The caller is who the session says.
  record Accepted(Session session) implements Verdict {}

  /// The credentials are worth nothing.
  ///
  /// @param reason for the log, never for the caller; holds no part of the credentials
  record Rejected(String reason) implements Verdict {}
}
