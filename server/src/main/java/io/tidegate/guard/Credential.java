package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A header that carries the secret itself. Nothing ties it to the body or to a time.
///
/// @param header in lower case
public record Credential(String header, Form form, DeliveryId deliveryId) implements Scheme {
  private static final String AUTHORIZATION = "authorization";
  private static final int MOST_HEADERS = 3;

  /// How the secret is written in the header.
  public enum Form {
    /// As it is.
    PLAIN,
    /// `Bearer <secret>`.
    BEARER,
    /// `Basic <base64>` of a secret `user:password`.
    BASIC
  }

  public Credential {
    header = header.toLowerCase(Locale.ROOT);
    if (header.isBlank()) {
      throw new IllegalArgumentException("the name of the header was expected");
    }
  }

  public static Credential basic() {
    return new Credential(AUTHORIZATION, Form.BASIC, DeliveryId.none());
  }

  public static Credential bearer() {
    return new Credential(AUTHORIZATION, Form.BEARER, DeliveryId.none());
  }

  public static Credential apiKey(String header) {
    return new Credential(header, Form.PLAIN, DeliveryId.none());
  }

  @Override
  public Credential within(Duration tolerance) {
    throw new IllegalArgumentException("this sender signs no time, so no tolerance applies");
  }

  SignatureKey key(String secret) {
    if (form == Form.BASIC && secret.indexOf(':') < 0) {
      throw new IllegalArgumentException("is not of the form user:password");
    }
    return new SignatureKey.Shared(Bytes.utf8(secret));
  }

  List<SignatureClaim> claims(Inbound inbound) {
    var values = inbound.values(header);
    if (values.isEmpty()) {
      return List.of(SignatureClaim.missing(header));
    }
    if (values.size() > MOST_HEADERS) {
      return List.of(SignatureClaim.malformed("header " + header + " is there too often"));
    }
    return values.stream().map(this::claim).toList();
  }

  private SignatureClaim claim(String value) {
    var given = given(value);
    return given == null
        ? SignatureClaim.malformed("header " + header + " is not of the form " + form)
        : new SignatureClaim.Made(key -> key.made(List.of(given), List.of()), deliveryId);
  }

  private @Nullable Bytes given(String value) {
    return switch (form) {
      case PLAIN -> Inbound.wire(value);
      case BEARER -> {
        var token = after("bearer ", value);
        yield token == null ? null : Inbound.wire(token);
      }
      case BASIC -> {
        var text = after("basic ", value);
        var bytes = text == null ? null : Encoding.BASE64.decodeExactly(text);
        yield bytes == null ? null : Bytes.wrap(bytes);
      }
    };
  }

  /// What follows the name of an authentication scheme, which is of any case (RFC 9110, 11.1).
  private static @Nullable String after(String scheme, String value) {
    return value.regionMatches(true, 0, scheme, 0, scheme.length())
        ? value.substring(scheme.length()).trim()
        : null;
  }

  /// The value of the header for a secret.
  String value(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    return switch (form) {
      case PLAIN -> secret;
      case BEARER -> "Bearer " + secret;
      case BASIC -> "Basic " + Encoding.BASE64.encode(bytes);
    };
  }
}
