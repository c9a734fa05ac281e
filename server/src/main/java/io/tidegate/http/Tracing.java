package io.tidegate.http;

import org.jspecify.annotations.Nullable;

/// Follows requests through processes by the headers `traceparent` and `tracestate` (W3C Trace
/// Context). Called on event loops: it must not block.
@FunctionalInterface
public interface Tracing {

  /// Follows nothing: what callers send is handed on as it is.
  Tracing NONE = _ -> null;

  /// A request has come in. Null when it is not followed.
  @Nullable Span begin(Request request);

  /// One request as a part of a trace.
  interface Span {

    /// The request, with the headers by which those behind us know whom it came from.
    Request request();

    /// It is over.
    void end(int status);
  }
}
