package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Requests, secrets and a clock for tests of signatures.
final class SignedRequests {
  static final String URL = "https://example.com/hook";
  static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  static final Bytes BODY =
      Bytes.utf8("{\"type\":\"order.paid\",\"data\":{\"id\":\"ord_1\",\"amount\":1250}}");

  private SignedRequests() {}

  static Request post(Bytes body, String... headers) {
    return request("POST", URL, body, headers);
  }

  static Request request(String method, String url, Bytes body, String... headers) {
    var uri = URI.create(url);
    var query = Optional.ofNullable(uri.getRawQuery()).orElse("");
    var authority = uri.getPort() < 0 ? uri.getHost() + ":443" : uri.getAuthority();
    return new Request(
        "r-1",
        uri.getScheme(),
        authority,
        method,
        uri.getRawPath(),
        query,
        Headers.of(headers),
        body,
        "192.0.2.1",
        Map.of());
  }

  /// A check with these secrets, newest first, named `s0`, `s1` and so on.
  static SignatureCheck check(Scheme scheme, String... secrets) {
    return check(scheme, NOW, secrets);
  }

  static SignatureCheck check(Scheme scheme, Instant now, String... secrets) {
    return SignatureCheck.of(scheme, named(secrets), at(now));
  }

  static List<SigningSecret> named(String... secrets) {
    return IntStream.range(0, secrets.length)
        .mapToObj(i -> SigningSecret.lasting("s" + i, new Secret(secrets[i])))
        .toList();
  }

  static Scheme preset(String name) {
    return SignaturePresets.named(name).orElseThrow();
  }

  static Checked.Verified verified(String secret) {
    return new Checked.Verified(secret, Optional.empty());
  }

  static Checked.Verified verified(String secret, String deliveryId) {
    return new Checked.Verified(secret, Optional.of(deliveryId));
  }

  /// The reason of a denial; anything else is not one.
  static Checked.Reason reason(Checked checked) {
    return switch (checked) {
      case Checked.Denied(var reason, var _) -> reason;
      case Checked.Verified verified -> throw new AssertionError("not denied: " + verified);
    };
  }

  static Bytes flipped(Bytes bytes, int bit) {
    var copy = Arrays.copyOf(bytes.array(), bytes.size());
    copy[bit / 8] ^= (byte) (1 << (bit % 8));
    return Bytes.wrap(copy);
  }

  static Time at(Instant now) {
    return new Time() {
      @Override
      public Instant now() {
        return now;
      }

      @Override
      public long nanos() {
        return 0;
      }

      @Override
      public Alarm after(Duration delay, Runnable action) {
        throw new UnsupportedOperationException("signatures wait for nothing");
      }
    };
  }
}
