package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// A secret decoded and ready for use. Any thread.
///
/// Elliptic curves are BouncyCastle's: Ed25519 measures ten times as fast as the JDK's, P-256 six.
sealed interface SignatureKey {

  /// True when one of the signatures was made over `content` (its parts in order) with this key.
  boolean made(List<Bytes> signatures, List<Bytes> content);

  /// A shared secret. Keeps a keyed `Mac` to copy from, since making one costs as much as signing.
  final class Hmac implements SignatureKey {
    private final Mac keyed;

    /// @param algorithm the JDK's name, as `HmacSHA256`
    Hmac(String algorithm, SecretKey key) {
      try {
        keyed = Mac.getInstance(algorithm);
        keyed.init(key);
      } catch (GeneralSecurityException everyJdkHasIt) {
        throw new IllegalStateException(algorithm, everyJdkHasIt);
      }
    }

    /// Looks at every signature, in constant time each.
    @Override
    public boolean made(List<Bytes> signatures, List<Bytes> content) {
      var expected = sign(content);
      var found = false;
      for (var signature : signatures) {
        found |= MessageDigest.isEqual(expected.array(), signature.array());
      }
      return found;
    }

    Bytes sign(List<Bytes> content) {
      try {
        var mac = (Mac) keyed.clone();
        for (var part : content) {
          mac.update(part.array());
        }
        return Bytes.wrap(mac.doFinal());
      } catch (CloneNotSupportedException everyJdkCan) {
        throw new IllegalStateException(keyed.getAlgorithm(), everyJdkCan);
      }
    }
  }

  /// The public half.
  record Ed25519(Ed25519PublicKeyParameters key) implements SignatureKey {
    @Override
    public boolean made(List<Bytes> signatures, List<Bytes> content) {
      for (var signature : signatures) {
        var verifier = new Ed25519Signer();
        verifier.init(false, key);
        content.forEach(part -> verifier.update(part.array(), 0, part.size()));
        if (verifier.verifySignature(signature.array())) {
          return true;
        }
      }
      return false;
    }
  }

  /// The private half: it signs, and can tell its own signatures.
  record Ed25519Private(Ed25519PrivateKeyParameters key) implements SignatureKey {
    @Override
    public boolean made(List<Bytes> signatures, List<Bytes> content) {
      return new Ed25519(key.generatePublicKey()).made(signatures, content);
    }

    Bytes sign(List<Bytes> content) {
      var signer = new Ed25519Signer();
      signer.init(true, key);
      content.forEach(part -> signer.update(part.array(), 0, part.size()));
      return Bytes.wrap(signer.generateSignature());
    }
  }

  /// A public key on P-256; signatures are DER over SHA-256.
  record Ecdsa(ECPublicKeyParameters key) implements SignatureKey {
    @Override
    public boolean made(List<Bytes> signatures, List<Bytes> content) {
      for (var signature : signatures) {
        var verifier = new DSADigestSigner(new ECDSASigner(), new SHA256Digest());
        verifier.init(false, key);
        content.forEach(part -> verifier.update(part.array(), 0, part.size()));
        if (verifier.verifySignature(signature.array())) {
          return true;
        }
      }
      return false;
    }
  }

  /// A text that is itself the proof.
  record Shared(Bytes text) implements SignatureKey {
    @Override
    public boolean made(List<Bytes> signatures, List<Bytes> content) {
      var found = false;
      for (var given : signatures) {
        found |= MessageDigest.isEqual(text.array(), given.array());
      }
      return found;
    }
  }
}
