package io.tidegate.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tidegate.base.ManualTime;
import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JwtGuardTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static RSAKey rsa;
  private static ECKey ec;

  private final ManualTime time = new ManualTime(NOON);

  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
  }

  private JwtGuard guard(JWK... keys) {
    return guard("roles", keys);
  }

  private JwtGuard guard(String rolesClaim, JWK... keys) {
    var given = Stream.of(keys).map(key -> key.toPublicJWK().toJSONString()).toList();
    var spec =
        new GuardSpec.Jwt(
            "demo:jwt",
            Optional.of("https://issuer"),
            Optional.of("https://us"),
            new GuardSpec.Keys.Given(given),
            rolesClaim,
            "sub",
            Map.of("team", "org.team"),
            Optional.empty());
    return new JwtGuard(spec, time).start();
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://issuer")
        .audience(List.of("https://others", "https://us"))
        .subject("alice")
        .claim("roles", "read  write")
        .claim("org", Map.of("team", "blue"))
        .expirationTime(Date.from(NOON.plusSeconds(60)));
  }

  private static String token(
      JWSAlgorithm algorithm, String id, JWSSigner signer, JWTClaimsSet claims) throws Exception {
    var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims);
    token.sign(signer);
    return token.serialize();
  }

  private static String rsaToken(JWTClaimsSet.Builder claims) throws Exception {
    return token(JWSAlgorithm.RS256, "r", new RSASSASigner(rsa), claims.build());
  }

  private static Session accepted(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) verdict).session();
  }

  private static void assertRejected(Verdict verdict, String reason) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Rejected.class, rejected -> assertThat(rejected.reason()).contains(reason));
  }

  @Test
  void aGoodTokenBecomesASession() throws Exception {
    var session = accepted(guard(rsa).judge(rsaToken(claims())));

    assertThat(session.guard()).isEqualTo("demo:jwt");
    assertThat(session.identity()).contains("alice");
    assertThat(session.roles()).containsExactlyInAnyOrder("read", "write");
    assertThat(session.attributes()).containsExactly(Map.entry("team", "blue"));
    assertThat(session.expires()).contains(NOON.plusSeconds(60));
  }

  static Stream<JWSAlgorithm> rsaAlgorithms() {
    return Stream.of(
        JWSAlgorithm.RS256,
        JWSAlgorithm.RS384,
        JWSAlgorithm.RS512,
        JWSAlgorithm.PS256,
        JWSAlgorithm.PS384,
        JWSAlgorithm.PS512);
  }

  @ParameterizedTest
  @MethodSource("rsaAlgorithms")
  void anRsaKeyMayBeUsedWithAnyAlgorithmOfItsKind(JWSAlgorithm algorithm) throws Exception {
    var token = token(algorithm, "r", new RSASSASigner(rsa), claims().build());

    accepted(guard(rsa).judge(token));
  }

  @Test
  void anEllipticKeyIsUsedWithTheAlgorithmOfItsCurve() throws Exception {
    accepted(
        guard(ec).judge(token(JWSAlgorithm.ES256, "e", new ECDSASigner(ec), claims().build())));
    var larger = new ECKeyGenerator(Curve.P_521).keyID("l").generate();
    accepted(
        guard(larger)
            .judge(token(JWSAlgorithm.ES512, "l", new ECDSASigner(larger), claims().build())));
  }

  @Test
  void anEdwardsKeySignsToo() throws Exception {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    var encoded = pair.getPublic().getEncoded();
    var raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    var jwk =
        JWK.parse(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"d\",\"x\":\"%s\"}"
                .formatted(Base64URL.encode(raw)));
    var token = edwards(pair, claims().build());

    accepted(guard(jwk).judge(token));
    assertRejected(guard(jwk).judge(tampered(token)), "signature");
  }

  private static String edwards(KeyPair pair, JWTClaimsSet claims) throws Exception {
    var input =
        Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"d\"}")
            + "."
            + Base64URL.encode(claims.toString());
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64URL.encode(signature.sign());
  }

  /// The same with another payload.
  private static String tampered(String token) {
    var parts = token.split("\\.");
    var payload = new Base64URL(parts[1]).decodeToString().replace("alice", "mallory");
    return parts[0] + "." + Base64URL.encode(payload) + "." + parts[2];
  }

  @Test
  void forgedTokensAreRejected() throws Exception {
    var guard = guard(rsa);
    var good = rsaToken(claims());
    var unsigned =
        Base64URL.encode("{\"alg\":\"none\",\"kid\":\"r\"}") + "." + good.split("\\.")[1] + ".";
    var secret = rsa.toRSAPublicKey().getEncoded();
    var symmetric = token(JWSAlgorithm.HS256, "r", new MACSigner(secret), claims().build());
    var stranger = new RSAKeyGenerator(2048).keyID("r").generate();

    assertRejected(guard.judge(tampered(good)), "signature");
    assertRejected(guard.judge(unsigned), "");
    assertRejected(guard.judge(symmetric), "algorithm");
    assertRejected(
        guard.judge(token(JWSAlgorithm.RS256, "r", new RSASSASigner(stranger), claims().build())),
        "signature");
    assertRejected(guard.judge("not a token"), "not a signed JWT");
    assertRejected(guard.judge("a.b.c"), "not a signed JWT");
    assertRejected(guard.judge("x".repeat(17 << 10)), "longer than");
  }

  @Test
  void aTokenMustNameAKeyThatIsKnown() throws Exception {
    var guard = guard(rsa);

    assertRejected(
        guard.judge(token(JWSAlgorithm.RS256, "q", new RSASSASigner(rsa), claims().build())),
        "no key");
    var nameless = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims().build());
    nameless.sign(new RSASSASigner(rsa));
    assertRejected(guard.judge(nameless.serialize()), "no key");
  }

  @Test
  void aKeyThatNamesItsAlgorithmIsHeldToIt() throws Exception {
    var strict = new RSAKey.Builder(rsa).algorithm(JWSAlgorithm.PS256).build();

    assertRejected(guard(strict).judge(rsaToken(claims())), "algorithm");
    accepted(
        guard(strict)
            .judge(token(JWSAlgorithm.PS256, "r", new RSASSASigner(rsa), claims().build())));
  }

  @Test
  void issuerAndAudienceMustFit() throws Exception {
    var guard = guard(rsa);

    assertRejected(guard.judge(rsaToken(claims().issuer("https://evil"))), "issuer");
    assertRejected(guard.judge(rsaToken(claims().issuer(null))), "issuer");
    assertRejected(guard.judge(rsaToken(claims().audience("https://others"))), "audience");
    accepted(guard.judge(rsaToken(claims().audience("https://us"))));
  }

  @Test
  void timesAreHeldWithALittleLeeway() throws Exception {
    var guard = guard(rsa);

    accepted(guard.judge(rsaToken(claims().expirationTime(Date.from(NOON.minusSeconds(29))))));
    assertRejected(
        guard.judge(rsaToken(claims().expirationTime(Date.from(NOON.minusSeconds(30))))),
        "expired");
    accepted(guard.judge(rsaToken(claims().notBeforeTime(Date.from(NOON.plusSeconds(30))))));
    assertRejected(
        guard.judge(rsaToken(claims().notBeforeTime(Date.from(NOON.plusSeconds(31))))),
        "not valid yet");
    assertThat(accepted(guard.judge(rsaToken(claims().expirationTime(null)))).expires()).isEmpty();
  }

  @Test
  void aTokenSeenBeforeExpiresAllTheSame() throws Exception {
    var guard = guard(rsa);
    var token = rsaToken(claims());

    accepted(guard.judge(token));
    accepted(guard.judge(token));
    time.advance(Duration.ofSeconds(90));

    assertRejected(guard.judge(token), "expired");
  }

  @Test
  void rolesAreWordsOrAListAndMayLieDeep() throws Exception {
    var list = claims().claim("roles", List.of("a", "b c"));
    var deep = claims().claim("realm", Map.of("roles", List.of("d")));
    var dotted = claims().claim("realm.roles", "e f");

    assertThat(accepted(guard(rsa).judge(rsaToken(list))).roles())
        .containsExactlyInAnyOrder("a", "b c");
    assertThat(accepted(guard("realm.roles", rsa).judge(rsaToken(deep))).roles())
        .containsExactly("d");
    assertThat(accepted(guard("realm.roles", rsa).judge(rsaToken(dotted))).roles())
        .containsExactlyInAnyOrder("e", "f");
    assertThat(accepted(guard("missing", rsa).judge(rsaToken(claims()))).roles()).isEmpty();
    assertThat(accepted(guard(rsa).judge(rsaToken(claims().claim("roles", " ")))).roles())
        .isEmpty();
  }

  @Test
  void keysThatAreOfNoUseAreLeftOut() throws Exception {
    var encryption =
        new RSAKey.Builder(rsa).keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION).build();
    var spec =
        new GuardSpec.Jwt(
            "demo:jwt",
            Optional.empty(),
            Optional.empty(),
            new GuardSpec.Keys.Given(
                List.of(
                    encryption.toPublicJWK().toJSONString(),
                    "{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"AAAA\"}",
                    "rubbish")),
            "roles",
            "sub",
            Map.of(),
            Optional.empty());

    assertRejected(new JwtGuard(spec, time).start().judge(rsaToken(claims())), "no key");
  }

  @Test
  void withoutAnIssuerAndAnAudienceNoTokenIsGood() throws Exception {
    for (var named : List.of("issuer", "audience")) {
      var spec =
          new GuardSpec.Jwt(
              "demo:jwt",
              named.equals("issuer") ? Optional.of("https://issuer") : Optional.empty(),
              named.equals("audience") ? Optional.of("https://us") : Optional.empty(),
              new GuardSpec.Keys.Given(List.of(rsa.toPublicJWK().toJSONString())),
              "roles",
              "sub",
              Map.of(),
              Optional.empty());

      assertRejected(new JwtGuard(spec, time).start().judge(rsaToken(claims())), "another");
    }
  }
}
