package io.tidegate.files;

import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is said about a file in a reply's head, and what a caller may know of it already.
///
/// @param tag changes with size and modification time
record FileFacts(String type, long size, Instant modified, String tag) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  static FileFacts of(String name, BasicFileAttributes attributes, long size) {
    var time = attributes.lastModifiedTime();
    var tag = "\"%x-%x\"".formatted(time.to(TimeUnit.NANOSECONDS), size);
    return new FileFacts(
        MediaTypes.of(name), size, time.toInstant().truncatedTo(ChronoUnit.SECONDS), tag);
  }

  Headers validators() {
    return Headers.of("etag", tag, "last-modified", DATE.format(modified));
  }

  Headers whole() {
    return Headers.of("content-type", type, "x-content-type-options", "nosniff")
        .withAll(validators())
        .with("accept-ranges", "bytes");
  }

  Headers part(ByteRange.Part part) {
    return whole()
        .with("content-range", "bytes %d-%d/%d".formatted(part.first(), part.last(), size));
  }

  /// `if-none-match` decides alone where it is given.
  boolean isKnownTo(Headers headers) {
    var tags = headers.joined("if-none-match");
    if (tags.isPresent()) {
      for (var each : tags.get().split(",", -1)) {
        var known = each.strip();
        if (known.equals("*") || known.equals(tag) || known.equals("W/" + tag)) {
          return true;
        }
      }
      return false;
    }
    var since = headers.first("if-modified-since");
    return since.isPresent() && !modified.isAfter(date(since.get()));
  }

  ByteRange range(Request request) {
    var asked = request.headers().first("range");
    if (asked.isEmpty() || !holds(request.headers())) {
      return new ByteRange.Whole();
    }
    return ByteRange.of(asked.get(), size);
  }

  /// A part is of use only to who has the rest of the same file.
  private boolean holds(Headers headers) {
    var condition = headers.first("if-range").map(String::strip);
    return condition.isEmpty()
        || condition.get().equals(tag)
        || date(condition.get()).equals(modified);
  }

  /// Long ago when it is no date.
  private static Instant date(String text) {
    try {
      return DATE.parse(text, Instant::from);
    } catch (DateTimeException noDate) {
      return Instant.MIN;
    }
  }
}
