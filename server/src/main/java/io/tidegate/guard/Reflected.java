package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Handshake.Answer;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;

/// Replies that say back what a stranger sent: short, as plain text or JSON only, and marked so
/// that no browser takes them for a page.
final class Reflected {
  static final int MOST_CHARACTERS = 1024;

  private Reflected() {}

  static Answer text(String value) {
    return value.length() > MOST_CHARACTERS
        ? tooLong()
        : reply(Headers.of("content-type", "text/plain; charset=utf-8"), value);
  }

  /// An object of texts: names and values in turn.
  static Answer json(String... namesAndValues) {
    for (var text : namesAndValues) {
      if (text.length() > MOST_CHARACTERS) {
        return tooLong();
      }
    }
    return reply(Headers.of("content-type", "application/json"), JsonText.object(namesAndValues));
  }

  /// No body, but headers.
  static Answer headers(Headers headers) {
    return reply(headers, "");
  }

  static Answer refused(int status, String detail) {
    return new Answer.Refuse(
        Problem.of(status, "handshake_refused", "the handshake was refused"), detail);
  }

  private static Answer tooLong() {
    return refused(400, "the challenge is longer than " + MOST_CHARACTERS + " characters");
  }

  private static Answer reply(Headers headers, String body) {
    var safe = headers.with("x-content-type-options", "nosniff").with("cache-control", "no-store");
    return new Answer.Respond(new Reply(200, safe, Bytes.utf8(body)));
  }
}
