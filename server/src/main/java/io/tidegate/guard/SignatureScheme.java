package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.SignedAt.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A signature in a header over the body, or over a text that has the body in it. Nearly every
/// sender is a value of this:
///
///     SignatureScheme.in("x-slack-signature").prefix("v0=")
///         .timestampHeader("x-slack-request-timestamp", SECONDS)
///         .content("v0:{timestamp}:{body}").build()
///
/// @param header where the signature is, in lower case
/// @param prefix what the header begins with
/// @param encoding how the signature is written: hex, base64 or base64url
/// @param secretEncoding how the secret is written
/// @param tolerance how far the signed time may be from ours, either way
public record SignatureScheme(
    SignatureAlgorithm algorithm,
    String header,
    String prefix,
    Encoding encoding,
    Encoding secretEncoding,
    SignedContent content,
    SignedAt signedAt,
    Duration tolerance,
    SignatureList list,
    DeliveryId deliveryId)
    implements Scheme {

  /// A header that comes more often is no accident.
  private static final int MOST_HEADERS = 3;

  private static final int MOST_SIGNATURES = 12;
  private static final int MOST_CHARACTERS = 1024;

  public SignatureScheme {
    header = header.toLowerCase(Locale.ROOT);
    Scheme.tolerable(tolerance);
    if (header.isBlank()) {
      throw new IllegalArgumentException("the name of the signature header was expected");
    }
    if (encoding == Encoding.UTF8 || encoding == Encoding.WHSEC) {
      throw new IllegalArgumentException("a signature is written in hex, base64 or base64url");
    }
    if (content.hasId() && !(deliveryId instanceof DeliveryId.InHeader)) {
      throw new IllegalArgumentException("{id} needs the header that carries it");
    }
    requireSignedTime(content, signedAt, list);
  }

  /// A time that is not signed can be changed by whoever repeats a request.
  private static void requireSignedTime(SignedContent content, SignedAt at, SignatureList list) {
    var isSigned =
        switch (at) {
          case SignedAt.Nowhere() -> !content.hasTimestamp();
          case SignedAt.InHeader(var name, var _) ->
              content.hasTimestamp() || content.hasHeader(name);
          case SignedAt.InSignature(var _, var _) -> content.hasTimestamp();
          case SignedAt.InBody(var _, var _) -> !content.hasTimestamp();
        };
    if (!isSigned) {
      throw new IllegalArgumentException(
          "{timestamp} in the signed content and the place of the timestamp go together");
    }
    if (at instanceof SignedAt.InSignature && list.key().isEmpty()) {
      throw new IllegalArgumentException(
          "a timestamp inside the signature header needs a list with a key, as t=…,v1=…");
    }
  }

  /// HMAC-SHA256 over the body, in hex, in this header; until said otherwise.
  public static SignatureSchemeBuilder in(String header) {
    return new SignatureSchemeBuilder(header);
  }

  @Override
  public SignatureScheme within(Duration distance) {
    if (signedAt instanceof SignedAt.Nowhere) {
      throw new IllegalArgumentException("this sender signs no time, so no tolerance applies");
    }
    return new SignatureScheme(
        algorithm,
        header,
        prefix,
        encoding,
        secretEncoding,
        content,
        signedAt,
        distance,
        list,
        deliveryId);
  }

  SignatureKey key(String secret) {
    return algorithm.key(secret, secretEncoding);
  }

  /// One claim for each time the header is there.
  List<SignatureClaim> claims(Inbound inbound) {
    var values = inbound.values(header);
    if (values.isEmpty()) {
      return List.of(SignatureClaim.missing(header));
    }
    if (values.size() > MOST_HEADERS) {
      return List.of(SignatureClaim.malformed("header " + header + " is there too often"));
    }
    return values.stream().map(value -> claim(value, inbound)).toList();
  }

  private SignatureClaim claim(String value, Inbound inbound) {
    if (!value.startsWith(prefix)) {
      return SignatureClaim.malformed("header " + header + " does not begin with " + prefix);
    }
    var items = list.items(value.substring(prefix.length()));
    if (items.isEmpty()) {
      return SignatureClaim.malformed("header " + header + " has too many items");
    }
    var signatures = decoded(list.signatures(items.get()));
    if (signatures.isEmpty()) {
      return SignatureClaim.malformed("header " + header + " has no signature that can be read");
    }
    return switch (stamp(items.get(), inbound)) {
      case Stamp.Flawed(var claim) -> claim;
      case Stamp.Text(var timestamp) -> overContent(signatures, timestamp, inbound);
    };
  }

  private SignatureClaim overContent(List<Bytes> signatures, String timestamp, Inbound inbound) {
    var id = content.hasId() ? deliveryId.of(inbound.request()) : Optional.of("");
    if (id.isEmpty()) {
      return SignatureClaim.missing("with the delivery's id");
    }
    var request = inbound.request();
    var values =
        new SignedContent.Values(
            timestamp,
            id.get(),
            request.method(),
            inbound.url(),
            request.headers(),
            request.body());
    return content
        .fill(values)
        .<SignatureClaim>map(
            parts -> new SignatureClaim.Made(key -> key.made(signatures, parts), deliveryId))
        .orElseGet(() -> SignatureClaim.malformed("a signed header is not there exactly once"));
  }

  private List<Bytes> decoded(List<String> texts) {
    var signatures = new ArrayList<Bytes>();
    for (var text : texts) {
      var bytes = text.length() > MOST_CHARACTERS ? null : encoding.decodeExactly(text);
      if (bytes != null && bytes.length > 0 && signatures.size() < MOST_SIGNATURES) {
        signatures.add(Bytes.wrap(bytes));
      }
    }
    return signatures;
  }

  private Stamp stamp(List<String> items, Inbound inbound) {
    return switch (signedAt) {
      case SignedAt.Nowhere() -> new Stamp.Text("");
      case SignedAt.InHeader(var name, var unit) ->
          stamp(inbound.single(name), unit, inbound, SignatureClaim.missing(name));
      case SignedAt.InSignature(var key, var unit) -> {
        var found = SignatureList.under(key, items);
        var one = found.size() == 1 ? Optional.of(found.getFirst()) : Optional.<String>empty();
        yield stamp(one, unit, inbound, SignatureClaim.missing(header + " with one " + key));
      }
      case SignedAt.InBody(var pointer, var unit) ->
          stamp(
              JsonText.at(inbound.request().body(), pointer),
              unit,
              inbound,
              SignatureClaim.malformed("the body has no field " + pointer));
    };
  }

  private Stamp stamp(Optional<String> text, Unit unit, Inbound inbound, SignatureClaim missing) {
    if (text.isEmpty()) {
      return new Stamp.Flawed(missing);
    }
    Optional<Denied> flaw = SignedAt.flaw(text.get(), unit, inbound.now(), tolerance);
    return flaw.isPresent()
        ? new Stamp.Flawed(new SignatureClaim.Flawed(flaw.get()))
        : new Stamp.Text(text.get());
  }

  /// The value of the header; without a list it has room for the newest signature alone.
  String write(String timestamp, List<String> newestFirst) {
    if (list.separator().isEmpty()) {
      return prefix + newestFirst.getFirst();
    }
    var items = new ArrayList<String>();
    if (signedAt instanceof SignedAt.InSignature(var key, var _)) {
      items.add(key + "=" + timestamp);
    }
    for (var signature : newestFirst) {
      items.add(list.key().isEmpty() ? signature : list.key() + "=" + signature);
    }
    return prefix + String.join(list.separator(), items);
  }

  private sealed interface Stamp {
    record Text(String timestamp) implements Stamp {}

    record Flawed(SignatureClaim claim) implements Stamp {}
  }
}
