package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/// Standard Webhooks, and Svix before it: `<family>-id`, `<family>-timestamp` in seconds and
/// `<family>-signature`, a list `v1,<base64> v1a,<base64>` over `id.timestamp.body`.
///
/// `v1` is HMAC-SHA256 with a secret `whsec_…`; `v1a` is Ed25519, checked with a public key
/// `whpk_…` and made with a private key `whsk_…`. Other tags are passed over. A key of one kind
/// never counts for the tag of the other: else a public key could be used as an HMAC secret.
///
/// @param family `webhook` or `svix`
public record StandardWebhooks(String family, Duration tolerance) implements Scheme {
  static final String SYMMETRIC_TAG = "v1";
  static final String ASYMMETRIC_TAG = "v1a";

  private static final String PUBLIC = "whpk_";
  private static final String PRIVATE = "whsk_";
  private static final int SEED = 32;
  private static final int MOST_SIGNATURES = 12;
  private static final int MOST_CHARACTERS = 4096;

  public StandardWebhooks {
    Scheme.tolerable(tolerance);
  }

  public static StandardWebhooks webhook() {
    return new StandardWebhooks("webhook", DEFAULT_TOLERANCE);
  }

  public static StandardWebhooks svix() {
    return new StandardWebhooks("svix", DEFAULT_TOLERANCE);
  }

  @Override
  public StandardWebhooks within(Duration distance) {
    return new StandardWebhooks(family, distance);
  }

  String idHeader() {
    return family + "-id";
  }

  String timestampHeader() {
    return family + "-timestamp";
  }

  String signatureHeader() {
    return family + "-signature";
  }

  List<SignatureClaim> claims(Inbound inbound) {
    var id = inbound.single(idHeader()).filter(text -> !text.isBlank());
    var timestamp = inbound.single(timestampHeader());
    var signatures = inbound.request().headers().joined(signatureHeader());
    if (id.isEmpty() || timestamp.isEmpty() || signatures.isEmpty()) {
      return List.of(
          SignatureClaim.missing(
              id.isEmpty()
                  ? idHeader()
                  : timestamp.isEmpty() ? timestampHeader() : signatureHeader()));
    }
    return List.of(claim(id.get(), timestamp.get(), signatures.get(), inbound));
  }

  private SignatureClaim claim(String id, String timestamp, String signatures, Inbound inbound) {
    if (id.contains(".") || id.length() > DeliveryId.MOST_CHARACTERS) {
      // with a dot inside, id and timestamp could be told apart in two ways
      return SignatureClaim.malformed("header " + idHeader() + " has a dot or is too long");
    }
    var flaw = SignedAt.flaw(timestamp, SignedAt.Unit.SECONDS, inbound.now(), tolerance);
    if (flaw.isPresent()) {
      return new SignatureClaim.Flawed(flaw.get());
    }
    var symmetric = tagged(SYMMETRIC_TAG, signatures);
    var asymmetric = tagged(ASYMMETRIC_TAG, signatures);
    if (symmetric.isEmpty() && asymmetric.isEmpty()) {
      return SignatureClaim.malformed(
          "header " + signatureHeader() + " has no v1 or v1a signature that can be read");
    }
    var content = content(id, timestamp, inbound.request().body());
    return new SignatureClaim.Made(
        key -> key.made(key instanceof SignatureKey.Hmac ? symmetric : asymmetric, content),
        DeliveryId.header(idHeader()));
  }

  static List<Bytes> content(String id, String timestamp, Bytes body) {
    return List.of(Inbound.wire(id + "." + timestamp + "."), body);
  }

  /// The signatures with this tag. Repeated headers arrive joined by commas with a space.
  private static List<Bytes> tagged(String tag, String signatures) {
    var found = new ArrayList<Bytes>();
    if (signatures.length() > MOST_CHARACTERS) {
      return found;
    }
    for (var entry : signatures.split(" ", -1)) {
      var text = entry.endsWith(",") ? entry.substring(0, entry.length() - 1) : entry;
      if (text.startsWith(tag + ",") && found.size() < MOST_SIGNATURES) {
        var bytes = Encoding.BASE64.decodeExactly(text.substring(tag.length() + 1));
        if (bytes != null) {
          found.add(Bytes.wrap(bytes));
        }
      }
    }
    return found;
  }

  /// A key to check with: symmetric or public.
  static SignatureKey key(String secret) {
    if (secret.startsWith(PRIVATE)) {
      throw new IllegalArgumentException("is a private key; whoever checks needs the public one");
    }
    if (!secret.startsWith(PUBLIC)) {
      return SignatureAlgorithm.HMAC_SHA256.key(secret, Encoding.WHSEC);
    }
    return SignatureAlgorithm.ED25519.key(secret.substring(PUBLIC.length()), Encoding.BASE64);
  }

  /// A key to sign with: symmetric or private.
  static SignatureKey signingKey(String secret) {
    if (secret.startsWith(PUBLIC)) {
      throw new IllegalArgumentException("is a public key; whoever signs needs the private one");
    }
    if (!secret.startsWith(PRIVATE)) {
      return SignatureAlgorithm.HMAC_SHA256.key(secret, Encoding.WHSEC);
    }
    var bytes = Encoding.BASE64.decode(secret.substring(PRIVATE.length()));
    var key = bytes == null ? null : privateKey(bytes);
    if (key == null) {
      throw new IllegalArgumentException("is not an Ed25519 private key of 32 or 64 bytes");
    }
    return new SignatureKey.Ed25519Private(key);
  }

  /// 32 bytes are the seed; 64 are the seed and its public key.
  private static @Nullable Ed25519PrivateKeyParameters privateKey(byte[] bytes) {
    if (bytes.length != SEED && bytes.length != 2 * SEED) {
      return null;
    }
    var key = new Ed25519PrivateKeyParameters(bytes, 0);
    var fits =
        bytes.length == SEED
            || Arrays.equals(
                key.generatePublicKey().getEncoded(),
                Arrays.copyOfRange(bytes, SEED, bytes.length));
    return fits ? key : null;
  }

  /// The entry of the signature header, or nothing when this key cannot sign.
  static Optional<String> entry(SignatureKey key, List<Bytes> content) {
    return switch (key) {
      case SignatureKey.Hmac hmac ->
          Optional.of(SYMMETRIC_TAG + "," + Encoding.BASE64.encode(hmac.sign(content).array()));
      case SignatureKey.Ed25519Private ed ->
          Optional.of(ASYMMETRIC_TAG + "," + Encoding.BASE64.encode(ed.sign(content).array()));
      case SignatureKey.Ed25519 _, SignatureKey.Ecdsa _, SignatureKey.Shared _ -> Optional.empty();
    };
  }
}
