package io.tidegate.guard;

import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/// What a signature is made with.
public enum SignatureAlgorithm {
  HMAC_SHA1("sha1", "HmacSHA1"),
  HMAC_SHA256("sha256", "HmacSHA256"),
  HMAC_SHA384("sha384", "HmacSHA384"),
  HMAC_SHA512("sha512", "HmacSHA512"),
  /// The secret is the sender's public key: X.509 in base64, with or without PEM lines.
  ECDSA_P256("ecdsa-p256", ""),
  /// The secret is the sender's public key: 32 bytes.
  ED25519("ed25519", "");

  private static final int ED25519_KEY = 32;

  private final String word;
  private final String jdkName;

  SignatureAlgorithm(String word, String jdkName) {
    this.word = word;
    this.jdkName = jdkName;
  }

  /// As configuration writes it: `sha256`.
  public String word() {
    return word;
  }

  public static Optional<SignatureAlgorithm> of(String word) {
    for (var algorithm : values()) {
      if (algorithm.word.equals(word)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /// @throws IllegalArgumentException when the secret cannot be a key of this algorithm
  SignatureKey key(String secret, Encoding encoding) {
    if (this == ECDSA_P256) {
      return ecdsa(secret);
    }
    var bytes = encoding.decode(secret);
    if (bytes == null) {
      throw new IllegalArgumentException("is not " + encoding.name().toLowerCase(Locale.ROOT));
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("is empty");
    }
    return this == ED25519 ? ed25519(bytes) : hmac(bytes);
  }

  SignatureKey.Hmac hmac(byte[] key) {
    return new SignatureKey.Hmac(jdkName, new SecretKeySpec(key, jdkName));
  }

  static SignatureKey.Ed25519 ed25519(byte[] publicKey) {
    if (publicKey.length != ED25519_KEY) {
      throw new IllegalArgumentException("is not a public key of 32 bytes");
    }
    try {
      return new SignatureKey.Ed25519(new Ed25519PublicKeyParameters(publicKey, 0));
    } catch (IllegalArgumentException notOnTheCurve) {
      throw new IllegalArgumentException("is not an Ed25519 public key", notOnTheCurve);
    }
  }

  private static SignatureKey ecdsa(String text) {
    try {
      var der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
      if (PublicKeyFactory.createKey(der) instanceof ECPublicKeyParameters key
          && key.getParameters() instanceof ECNamedDomainParameters curve
          && curve.getName().equals(SECObjectIdentifiers.secp256r1)) {
        return new SignatureKey.Ecdsa(key);
      }
    } catch (IOException | RuntimeException notAKey) {
      throw new IllegalArgumentException("is not an X.509 public key in base64", notAKey);
    }
    throw new IllegalArgumentException("is not a public key on P-256");
  }
}
