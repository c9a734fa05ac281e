package io.tidegate.http;

import io.tidegate.base.Bytes;

/// A whole reply. The listener adds `content-length` where HTTP wants one.
public record Reply(int status, Headers headers, Bytes body) {

  public static Reply of(int status) {
    return new Reply(status, Headers.NONE, Bytes.EMPTY);
  }

  public static Reply of(int status, Headers headers) {
    return new Reply(status, headers, Bytes.EMPTY);
  }

  /// The reply that tells a stranger about a problem: `application/problem+json` (RFC 9457).
  public static Reply of(Problem problem) {
    var headers = Headers.of("content-type", "application/problem+json").withAll(problem.headers());
    return new Reply(problem.status(), headers, Bytes.utf8(problem.json()));
  }
}
