package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;

/// `GET /api/v1/openapi.json`: this API for machines. A test holds its paths against the routes.
final class OpenApiDocument {
  private static final Bytes TEXT = read();

  private OpenApiDocument() {}

  static Reply read(OutboxCall call) {
    return new Reply(200, Headers.of("content-type", "application/json"), TEXT);
  }

  private static Bytes read() {
    try (var in = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not in the jar");
      }
      return Bytes.wrap(in.readAllBytes());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
