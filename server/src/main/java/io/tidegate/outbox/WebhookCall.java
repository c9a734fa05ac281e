package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The headers of a webhook, signed in one of two ways.
///
/// | Outpost | Standard Webhooks |
/// |---|---|
/// | `x-outpost-signature: v0=<hex>,<hex>` over the body | `webhook-signature: v1,<base64> v1,<base64>` over id, time and body |
/// | `x-outpost-event-id` | `webhook-id` |
/// | `x-outpost-timestamp`, RFC 3339 | `webhook-timestamp`, seconds since 1970 |
/// | `x-outpost-topic` | `webhook-topic` |
/// | metadata as `x-outpost-<name>` | metadata as `webhook-<name>` |
///
/// Several secrets sign one after the other, the newest first. Metadata replaces custom headers of
/// its names, and none of the headers above. What no header can hold is percent-encoded in values;
/// metadata whose name no header can have is left out.
final class WebhookCall {
  private static final Set<String> OURS =
      Set.of("id", "event-id", "topic", "timestamp", "signature");
  private static final String STANDARD = "webhook-";
  private static final String OUTPOST = "x-outpost-";

  private WebhookCall() {}

  /// What is sent, and what says how it is to be read.
  record Content(List<Headers.Field> headers, Bytes body) {
    Content {
      headers = List.copyOf(headers);
    }

    /// The data of an event as it is.
    static Content plain(Outgoing outgoing) {
      return new Content(
          List.of(new Headers.Field("content-type", "application/json")), outgoing.data());
    }
  }

  /// @param content whose bytes are signed
  /// @param custom headers of the destination, in lower case
  /// @param secrets newest first
  static Headers headers(
      WebhookType.Signature signature,
      Content content,
      Map<String, String> custom,
      List<String> secrets,
      Outgoing outgoing) {
    var prefix = signature == WebhookType.Signature.OUTPOST ? OUTPOST : STANDARD;
    var fields = new ArrayList<>(content.headers());
    switch (signature) {
      case OUTPOST -> outpost(secrets, content.body(), outgoing, fields);
      case STANDARD_WEBHOOKS -> standard(secrets, content.body(), outgoing, fields);
    }
    var taken = metadata(prefix, outgoing, fields);
    custom.forEach((name, value) -> {
      if (taken.add(name)) {
        fields.add(new Headers.Field(name, encoded(value)));
      }
    });
    return Headers.of(fields);
  }

  /// As Hookdeck's sources want it, which know Outpost's headers.
  static Headers hookdeck(String token, Outgoing outgoing) {
    var fields = new ArrayList<>(Content.plain(outgoing).headers());
    var key = token.getBytes(StandardCharsets.UTF_8);
    var signature = Base64.getEncoder().encodeToString(mac(key, outgoing.data().array()));
    fields.add(new Headers.Field("x-hookdeck-signature", "v0=" + signature));
    identity(outgoing, fields);
    var _ = metadata(OUTPOST, outgoing, fields);
    return Headers.of(fields);
  }

  /// @return the names that are taken
  private static Set<String> metadata(
      String prefix, Outgoing outgoing, List<Headers.Field> fields) {
    if (!outgoing.event().topic().isEmpty()) {
      fields.add(new Headers.Field(prefix + "topic", encoded(outgoing.event().topic())));
    }
    var taken = new HashSet<String>();
    fields.forEach(field -> taken.add(field.name()));
    new TreeMap<>(outgoing.metadata())
        .forEach((name, value) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (isName(lower) && !OURS.contains(lower) && taken.add(prefix + lower)) {
            fields.add(new Headers.Field(prefix + lower, encoded(value)));
          }
        });
    return taken;
  }

  private static void identity(Outgoing outgoing, List<Headers.Field> fields) {
    var now = outgoing.now().truncatedTo(ChronoUnit.SECONDS);
    fields.add(new Headers.Field(OUTPOST + "event-id", encoded(outgoing.event().id())));
    fields.add(new Headers.Field(OUTPOST + "timestamp", now.toString()));
  }

  private static void outpost(
      List<String> secrets, Bytes body, Outgoing outgoing, List<Headers.Field> fields) {
    var signatures =
        secrets.stream()
            .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
            .map(key -> HexFormat.of().formatHex(mac(key, body.array())))
            .collect(Collectors.joining(","));
    identity(outgoing, fields);
    fields.add(new Headers.Field(OUTPOST + "signature", "v0=" + signatures));
  }

  private static void standard(
      List<String> secrets, Bytes body, Outgoing outgoing, List<Headers.Field> fields) {
    var id = standardId(outgoing.event().id());
    var seconds = Long.toString(outgoing.now().getEpochSecond());
    var prefix = Bytes.utf8(id + "." + seconds + ".").array();
    var signatures =
        secrets.stream()
            .map(secret -> Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")))
            .map(key -> mac(key, prefix, body.array()))
            .map(signature -> "v1," + Base64.getEncoder().encodeToString(signature))
            .collect(Collectors.joining(" "));
    fields.add(new Headers.Field(STANDARD + "id", id));
    fields.add(new Headers.Field(STANDARD + "timestamp", seconds));
    fields.add(new Headers.Field(STANDARD + "signature", signatures));
  }

  /// The event's, or its hash when Standard Webhooks does not allow it.
  private static String standardId(String id) {
    if (id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.')) {
      return id;
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(Bytes.utf8(id).array());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static boolean isName(String name) {
    return name.length() <= 128
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
  }

  private static String encoded(String value) {
    if (value.chars().allMatch(c -> c >= 0x20 && c < 0x7f) && value.equals(value.strip())) {
      return value;
    }
    var out = new StringBuilder();
    for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
      if (each > 0x20 && each < 0x7f && each != '%') {
        out.append((char) each);
      } else {
        out.append("%%%02X".formatted(each & 0xff));
      }
    }
    return out.toString();
  }

  private static byte[] mac(byte[] key, byte[]... parts) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (var part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
