package io.tidegate.guard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// One public key of an issuer, with the algorithms that it may be used with: the one that the key
/// itself names, else those of its kind. A token cannot choose: neither `none` nor a shared secret
/// is ever among them.
///
/// Any thread.
record TokenKey(JWK jwk, Set<JWSAlgorithm> algorithms, Check check) {
  private static final int SMALLEST_RSA = 2048;
  private static final int ED25519_BYTES = 32;
  private static final JWSAlgorithm ED25519 = new JWSAlgorithm("Ed25519");

  /// Looks at a signature.
  @FunctionalInterface
  interface Check {
    boolean signed(SignedJWT token) throws JOSEException;
  }

  static Optional<TokenKey> of(JWK jwk) {
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    try {
      return switch (jwk) {
        case RSAKey rsa -> rsa(rsa);
        case ECKey ec -> elliptic(ec);
        case OctetKeyPair pair -> edwards(pair);
        default -> Optional.empty();
      };
    } catch (JOSEException | IllegalArgumentException unusable) {
      return Optional.empty();
    }
  }

  private static Optional<TokenKey> rsa(RSAKey key) throws JOSEException {
    if (key.size() < SMALLEST_RSA) {
      return Optional.empty();
    }
    var verifier = new RSASSAVerifier(key.toRSAPublicKey());
    return named(
        key,
        Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512),
        by(verifier));
  }

  private static Optional<TokenKey> elliptic(ECKey key) throws JOSEException {
    if (!Set.of(Curve.P_256, Curve.P_384, Curve.P_521).contains(key.getCurve())) {
      return Optional.empty();
    }
    var verifier = new ECDSAVerifier(key.toECPublicKey());
    return named(key, verifier.supportedJWSAlgorithms(), by(verifier));
  }

  private static Optional<TokenKey> edwards(OctetKeyPair pair) {
    var bytes = pair.getX().decode();
    if (!Curve.Ed25519.equals(pair.getCurve()) || bytes.length != ED25519_BYTES) {
      return Optional.empty();
    }
    var key = new Ed25519PublicKeyParameters(bytes);
    return named(pair, Set.of(JWSAlgorithm.EdDSA, ED25519), token -> signed(token, key));
  }

  /// Those of the kind, or the one that the key names.
  private static Optional<TokenKey> named(JWK key, Set<JWSAlgorithm> kind, Check check) {
    if (key.getAlgorithm() == null) {
      return Optional.of(new TokenKey(key.toPublicJWK(), Set.copyOf(kind), check));
    }
    var named = JWSAlgorithm.parse(key.getAlgorithm().getName());
    return kind.contains(named)
        ? Optional.of(new TokenKey(key.toPublicJWK(), Set.of(named), check))
        : Optional.empty();
  }

  private static Check by(JWSVerifier verifier) {
    return token ->
        verifier.verify(token.getHeader(), token.getSigningInput(), token.getSignature());
  }

  private static boolean signed(SignedJWT token, Ed25519PublicKeyParameters key) {
    if (token.getHeader().getCriticalParams() != null) {
      return false; // it asks for something that is not known here
    }
    var verifier = new Ed25519Signer();
    verifier.init(false, key);
    var input = token.getSigningInput();
    verifier.update(input, 0, input.length);
    return verifier.verifySignature(token.getSignature().decode());
  }

  /// True when this key made the token's signature, in a way that the key allows.
  boolean signed(SignedJWT token) {
    try {
      return algorithms.contains(token.getHeader().getAlgorithm()) && check.signed(token);
    } catch (JOSEException unusable) {
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenKey that && jwk.equals(that.jwk);
  }

  @Override
  public int hashCode() {
    return jwk.hashCode();
  }
}
