package io.tidegate.guard;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tidegate.base.Time;
import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Judges JSON Web Tokens (RFC 7519): signed with a key of the issuer's set, for us, and now.
///
///     credentials → seen before? → parsed → key by `kid` → signature → times, issuer, audience
///
/// Any thread, and no waiting: keys are there before the first caller, and an unknown key id is
/// looked up in the background while its bearer is turned away.
public final class JwtGuard implements Guard, AutoCloseable {
  private static final int LONGEST = 16 << 10;
  private static final Duration LEEWAY = Duration.ofSeconds(30);

  private final GuardSpec.Jwt spec;
  private final Time time;
  private final TokenKeys keys;
  private final SeenTokens seen = new SeenTokens();

  /// Keys that must be fetched are not there yet: see `start`.
  public JwtGuard(GuardSpec.Jwt spec, Time time) {
    this.spec = spec;
    this.time = time;
    this.keys =
        switch (spec.keys()) {
          case GuardSpec.Keys.Given(var jwks) -> new GivenKeys(spec.name(), jwks);
          case GuardSpec.Keys.At(var url) -> new FetchedKeys(spec.name(), url, time);
        };
  }

  /// Fetches the keys, and goes on doing so from time to time. Waits, for a few seconds at most,
  /// for the first answer; without one, the guard starts all the same and lets nobody pass until it
  /// comes. Not to be called on an event loop.
  public JwtGuard start() {
    keys.start();
    return this;
  }

  /// Fetches no more.
  @Override
  public void close() {
    keys.close();
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String type() {
    return "jwt";
  }

  @Override
  public Optional<Duration> challenge() {
    return spec.challenge();
  }

  @Override
  public Verdict judge(String credentials) {
    if (credentials.length() > LONGEST) {
      return new Verdict.Rejected("the token is longer than " + LONGEST + " bytes");
    }
    var known = seen.find(credentials, keys.generation(), time.now().minus(LEEWAY));
    if (known.isPresent()) {
      return new Verdict.Accepted(known.get());
    }
    try {
      return judge(credentials, SignedJWT.parse(credentials));
    } catch (ParseException | IllegalArgumentException malformed) {
      return new Verdict.Rejected("the token is not a signed JWT");
    }
  }

  private Verdict judge(String credentials, SignedJWT token) throws ParseException {
    var generation = keys.generation();
    var id = token.getHeader().getKeyID();
    var key = id == null ? Optional.<TokenKey>empty() : keys.find(id);
    if (key.isEmpty()) {
      keys.missed();
      return new Verdict.Rejected("the token names no key that is known here");
    }
    if (!key.get().signed(token)) {
      return new Verdict.Rejected("the signature, or its algorithm, does not fit the key");
    }
    var claims = token.getJWTClaimsSet();
    var fault = fault(claims);
    if (fault.isPresent()) {
      return new Verdict.Rejected(fault.get());
    }
    var session = session(claims);
    seen.add(credentials, generation, session);
    return new Verdict.Accepted(session);
  }

  private Optional<String> fault(JWTClaimsSet claims) {
    var now = time.now();
    if (expires(claims).filter(end -> !now.isBefore(end.plus(LEEWAY))).isPresent()) {
      return Optional.of("the token has expired");
    }
    var begins = claims.getNotBeforeTime();
    if (begins != null && now.isBefore(begins.toInstant().minus(LEEWAY))) {
      return Optional.of("the token is not valid yet");
    }
    if (spec.issuer().filter(issuer -> issuer.equals(claims.getIssuer())).isEmpty()) {
      return Optional.of("the token is from another issuer");
    }
    if (spec.audience().filter(claims.getAudience()::contains).isEmpty()) {
      return Optional.of("the token is for another audience");
    }
    return Optional.empty();
  }

  private static Optional<Instant> expires(JWTClaimsSet claims) {
    return Optional.ofNullable(claims.getExpirationTime()).map(Date::toInstant);
  }

  /// A token without the roles' claim is one with no roles.
  private Session session(JWTClaimsSet claims) {
    var attributes = new HashMap<String, String>();
    for (Map.Entry<String, String> attribute : spec.attributes().entrySet()) {
      ClaimPath.text(claims, attribute.getValue())
          .ifPresent(value -> attributes.put(attribute.getKey(), value));
    }
    return new Session(
        spec.name(),
        ClaimPath.text(claims, spec.identityClaim()),
        ClaimPath.words(claims, spec.rolesClaim()),
        attributes,
        expires(claims));
  }
}
