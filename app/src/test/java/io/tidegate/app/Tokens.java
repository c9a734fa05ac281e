package io.tidegate.app;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;

/// An issuer of tokens.
final class Tokens {
  private final RSAKey key;

  Tokens() throws JOSEException {
    key = new RSAKeyGenerator(2048).keyID("test").algorithm(JWSAlgorithm.RS256).generate();
  }

  /// A guard `jwt` that knows it, as a flow mapping.
  String guard(String challenge) {
    var modulus = key.getModulus();
    return ("{type: jwt, options: {issuer: test, audience: gateway, challenge: %s, keys:"
            + " [{kty: RSA, kid: test, alg: RS256, use: sig, e: %s, n: %s}]}}")
        .formatted(challenge, key.getPublicExponent(), modulus);
  }

  String token(String identity, String roles, Instant expires) throws JOSEException {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer("test")
            .audience("gateway")
            .subject(identity)
            .claim("scope", roles)
            .expirationTime(Date.from(expires))
            .build();
    var token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("test").build(), claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }
}
