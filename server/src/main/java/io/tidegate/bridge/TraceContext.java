package io.tidegate.bridge;

import io.tidegate.http.Headers;
import io.tidegate.log.Stored;

/// The headers by which a trace goes on from a request into a record, and from a record into a
/// reply (W3C Trace Context).
final class TraceContext {
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";

  private TraceContext() {}

  static boolean isPartOf(String header) {
    return header.equals(PARENT) || header.equals(STATE);
  }

  /// Those that came with a record, so that its reader can tell where it came from.
  static Headers of(Stored record) {
    return record
        .header(PARENT)
        .map(parent -> parent.utf8())
        .filter(FieldSyntax::isValue)
        .map(parent -> Headers.of(PARENT, parent))
        .orElse(Headers.NONE);
  }
}
