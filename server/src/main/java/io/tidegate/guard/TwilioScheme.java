package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Twilio: HMAC-SHA1 in base64 over the URL, with each form field after it, sorted by name, name
/// and value without anything between. For another body the URL has `bodySHA256`, the hash of the
/// body in hex.
///
/// Fields are signed as they read, not as they are escaped. Twilio signs the URL at times with its
/// port and at times without; both are tried.
public record TwilioScheme() implements Scheme {
  private static final String SIGNATURE = "x-twilio-signature";
  private static final String BODY_HASH = "bodySHA256";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final DeliveryId ID = DeliveryId.header("i-twilio-idempotency-token");

  @Override
  public TwilioScheme within(Duration tolerance) {
    throw new IllegalArgumentException("this sender signs no time, so no tolerance applies");
  }

  static SignatureKey key(String secret) {
    return SignatureAlgorithm.HMAC_SHA1.key(secret, Encoding.UTF8);
  }

  static List<SignatureClaim> claims(Inbound inbound) {
    var signature = inbound.single(SIGNATURE);
    if (signature.isEmpty()) {
      return List.of(SignatureClaim.missing(SIGNATURE));
    }
    var bytes = Encoding.BASE64.decodeExactly(signature.get());
    if (bytes == null) {
      return List.of(SignatureClaim.malformed("header " + SIGNATURE + " is not base64"));
    }
    var hash = query(inbound.url()).flatMap(fields -> fields.first(BODY_HASH));
    if (hash.isPresent()) {
      return List.of(
          isHashOf(inbound.request().body(), hash.get())
              ? claim(bytes, inbound.url(), "")
              : SignatureClaim.malformed(
                  "the body is not the one that bodySHA256 in the URL names"));
    }
    if (!inbound.request().body().isEmpty() && !hasForm(inbound)) {
      return List.of(
          SignatureClaim.malformed("a body that is no form needs bodySHA256 in the URL"));
    }
    return List.of(
        FormFields.read(inbound.request().body().utf8())
            .map(fields -> claim(bytes, inbound.url(), signedText(fields)))
            .orElseGet(() -> SignatureClaim.malformed("the form has too many or broken fields")));
  }

  private static SignatureClaim claim(byte[] signature, String url, String fields) {
    var signatures = List.of(Bytes.wrap(signature));
    return new SignatureClaim.Made(
        key ->
            key.made(signatures, List.of(Bytes.utf8(url + fields)))
                || key.made(signatures, List.of(Bytes.utf8(Inbound.withImpliedPort(url) + fields))),
        ID);
  }

  /// Repeated fields count once for each different value, in order.
  private static String signedText(FormFields form) {
    var sorted = new TreeMap<String, TreeSet<String>>();
    for (var field : form.fields()) {
      sorted.computeIfAbsent(field.name(), _ -> new TreeSet<>()).add(field.value());
    }
    var text = new StringBuilder();
    sorted.forEach((name, values) -> values.forEach(value -> text.append(name).append(value)));
    return text.toString();
  }

  private static boolean hasForm(Inbound inbound) {
    return inbound
        .single("content-type")
        .filter(type -> type.regionMatches(true, 0, FORM, 0, FORM.length()))
        .isPresent();
  }

  private static Optional<FormFields> query(String url) {
    var start = url.indexOf('?');
    return start < 0 ? Optional.empty() : FormFields.read(url.substring(start + 1));
  }

  private static boolean isHashOf(Bytes body, String hex) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(body.array());
      return MessageDigest.isEqual(
          Encoding.HEX.encode(hash).getBytes(StandardCharsets.US_ASCII),
          hex.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException("SHA-256", everyJdkHasIt);
    }
  }
}
