package io.tidegate.files;

import java.util.regex.Pattern;

/// Which bytes of a file are asked for (RFC 9110, 14). One range is honoured; what is malformed, or
/// more than one, is answered with the whole, as the RFC allows.
sealed interface ByteRange {
  Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  record Whole() implements ByteRange {}

  /// Both ends are in it.
  record Part(long first, long last) implements ByteRange {}

  record Outside() implements ByteRange {}

  static ByteRange of(String asked, long size) {
    var range = ONE.matcher(asked);
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new Whole();
    }
    if (range.group(1).isEmpty()) {
      long count = Math.min(size, Long.parseLong(range.group(2)));
      return count == 0 ? new Outside() : new Part(size - count, size - 1);
    }
    long first = Long.parseLong(range.group(1));
    long last =
        range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
    if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
      return new Whole();
    }
    return first >= size ? new Outside() : new Part(first, last);
  }
}
