package io.tidegate.bridge;

import io.tidegate.http.Request;
import io.tidegate.view.Progress;
import java.util.HashMap;
import java.util.Map;

/// The id of the last event that a reader had, as it comes back: `P`, `P/etag`, `["key","P"]` or
/// `["key","P/etag"]`, where `P` is a `ProgressTag`. Only that part is looked at.
sealed interface LastEventId {

  /// A reader that has nothing yet.
  record None() implements LastEventId {}

  /// A reader that goes on from there.
  record At(Map<Integer, Long> next) implements LastEventId {}

  /// Whatever it is, no stream of ours gave it out.
  record Unreadable() implements LastEventId {}

  /// As the header says, or else the query, which a browser's first request can carry.
  static LastEventId of(Request request) {
    var sent = request.headers().first("last-event-id");
    return parse(sent.or(() -> PathText.query(request.query(), "lastEventId")).orElse(""));
  }

  static LastEventId parse(String text) {
    if (text.isBlank()) {
      return new None();
    }
    return ProgressTag.decode(progress(text.strip()))
        .<LastEventId>map(progress -> new At(next(progress)))
        .orElseGet(Unreadable::new);
  }

  /// The tag of an empty array, which is no place in a stream, has an offset of -1.
  private static Map<Integer, Long> next(Progress progress) {
    var next = new HashMap<Integer, Long>();
    progress.offsets().forEach((partition, offset) -> next.put(partition, Math.max(0, offset)));
    return next;
  }

  private static String progress(String text) {
    int start = 0;
    if (text.startsWith("[")) {
      int comma = text.indexOf(','); // a key is base64url, which has none
      start = text.indexOf('"', Math.max(0, comma)) + 1;
    }
    int end = start;
    while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '"') {
      end++;
    }
    return text.substring(start, end);
  }
}
