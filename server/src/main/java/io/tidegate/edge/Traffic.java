package io.tidegate.edge;

import io.tidegate.http.Request;

/// What all exchanges of a listener share: who hears of them, and whether connections end now.
final class Traffic {
  private final AccessLog log;
  private volatile boolean closing;

  Traffic(AccessLog log) {
    this.log = log;
  }

  AccessLog log() {
    return log;
  }

  /// From now on every reply is the last of its connection.
  void close() {
    closing = true;
  }

  boolean closing() {
    return closing;
  }

  void finished(Request request, int status, long received, long sent, long nanos) {
    log.replied(request, new AccessLog.Completion(status, received, sent, nanos));
  }
}
