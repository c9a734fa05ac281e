package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names a request and its reply: the idempotency key, and a digest of everything that makes the
/// request what it is. The same request has the same id on every node and after every restart.
///
/// All headers count, since existing services and clients compute it so: a retry that is to be
/// recognised has to repeat them, volatile ones included.
final class CorrelationId {
  private CorrelationId() {}

  /// @param headers of the request record, in order, without the correlation id itself
  static String of(
      String idempotencyKey, @Nullable Bytes key, List<Header> headers, @Nullable Bytes body) {
    var digest = md5();
    if (key != null) {
      digest.update(key.array());
    }
    for (var header : headers) {
      digest.update(header.name().getBytes(StandardCharsets.UTF_8));
      digest.update(header.value().array());
    }
    if (body != null) {
      digest.update(body.array());
    }
    return idempotencyKey + "-" + HexFormat.of().formatHex(digest.digest());
  }

  /// Not for secrecy: a name that does not collide by accident.
  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }
}
