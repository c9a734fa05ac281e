package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The name of a request that has none: SHA-256 in lower case hex over what was asked for, the same
/// on every attempt, after every restart, and when the same is published again.
///
///     "tidegate-request-1" | key | number of headers | name, value | name, value | … | value
///
/// Each text and run of bytes is preceded by its length, the number of headers by nothing; both are
/// four bytes, the highest first; a key that is not there has the length -1. Header names are in
/// lower case and sorted by their UTF-8 bytes; those of one name stay in the record's order. What
/// is not part of the request is left out: `zilla:*`, `tidegate:*`, `tidegate-*`, and the marks of
/// tracing (`traceparent`, `tracestate`, `b3`, `x-b3-*`), which differ each time.
final class RequestHash {
  private static final Set<String> TRACING = Set.of("traceparent", "tracestate", "b3");
  private static final byte[] FORM = "tidegate-request-1".getBytes(StandardCharsets.US_ASCII);

  private RequestHash() {}

  static String of(Stored record) {
    var digest = sha256();
    add(digest, FORM);
    add(digest, record.key());
    var headers =
        record.headers().stream()
            .map(header -> new Header(header.name().toLowerCase(Locale.ROOT), header.value()))
            .filter(header -> counts(header.name()))
            .sorted(Comparator.comparing(header -> Bytes.utf8(header.name())))
            .toList();
    digest.update(number(headers.size()));
    for (var header : headers) {
      add(digest, Bytes.utf8(header.name()));
      add(digest, header.value());
    }
    add(digest, record.value());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static boolean counts(String name) {
    return !name.startsWith("zilla:")
        && !name.startsWith("tidegate:")
        && !name.startsWith("tidegate-")
        && !TRACING.contains(name)
        && !name.startsWith("x-b3-");
  }

  private static void add(MessageDigest digest, @Nullable Bytes bytes) {
    if (bytes == null) {
      digest.update(number(-1));
    } else {
      add(digest, bytes.array());
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(number(bytes.length));
    digest.update(bytes);
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
