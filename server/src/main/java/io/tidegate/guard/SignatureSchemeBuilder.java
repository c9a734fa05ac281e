package io.tidegate.guard;

import io.tidegate.guard.SignedAt.Unit;
import java.time.Duration;

/// Says how a sender differs from plain HMAC-SHA256 over the body in hex. One thread.
public final class SignatureSchemeBuilder {
  private final String header;
  private SignatureAlgorithm algorithm = SignatureAlgorithm.HMAC_SHA256;
  private String prefix = "";
  private Encoding encoding = Encoding.HEX;
  private Encoding secretEncoding = Encoding.UTF8;
  private SignedContent content = SignedContent.BODY;
  private SignedAt signedAt = new SignedAt.Nowhere();
  private Duration tolerance = Scheme.DEFAULT_TOLERANCE;
  private SignatureList list = SignatureList.NONE;
  private DeliveryId deliveryId = DeliveryId.none();

  SignatureSchemeBuilder(String header) {
    this.header = header;
  }

  public SignatureSchemeBuilder algorithm(SignatureAlgorithm used) {
    algorithm = used;
    return this;
  }

  public SignatureSchemeBuilder prefix(String text) {
    prefix = text;
    return this;
  }

  public SignatureSchemeBuilder encoding(Encoding ofSignature) {
    encoding = ofSignature;
    return this;
  }

  public SignatureSchemeBuilder secretEncoding(Encoding ofSecret) {
    secretEncoding = ofSecret;
    return this;
  }

  /// See `SignedContent`.
  public SignatureSchemeBuilder content(String template) {
    content = SignedContent.of(template);
    return this;
  }

  public SignatureSchemeBuilder timestamp(SignedAt where) {
    signedAt = where;
    return this;
  }

  public SignatureSchemeBuilder timestampHeader(String name, Unit unit) {
    return timestamp(new SignedAt.InHeader(name, unit));
  }

  public SignatureSchemeBuilder timestampKey(String key, Unit unit) {
    return timestamp(new SignedAt.InSignature(key, unit));
  }

  public SignatureSchemeBuilder timestampField(String pointer, Unit unit) {
    return timestamp(new SignedAt.InBody(pointer, unit));
  }

  public SignatureSchemeBuilder tolerance(Duration eitherWay) {
    tolerance = eitherWay;
    return this;
  }

  /// See `SignatureList`.
  public SignatureSchemeBuilder list(String separator, String key) {
    list = new SignatureList(separator, key);
    return this;
  }

  public SignatureSchemeBuilder idHeader(String... firstOf) {
    deliveryId = DeliveryId.header(firstOf);
    return this;
  }

  public SignatureSchemeBuilder idField(String pointer) {
    deliveryId = DeliveryId.json(pointer);
    return this;
  }

  /// @throws IllegalArgumentException when the parts do not fit together
  public SignatureScheme build() {
    return new SignatureScheme(
        algorithm,
        header,
        prefix,
        encoding,
        secretEncoding,
        content,
        signedAt,
        tolerance,
        list,
        deliveryId);
  }
}
