package io.tidegate.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.base.Time;
import io.tidegate.plan.GuardSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchedKeysIT {

  /// A clock moved by hand; alarms ring when asked to.
  private static final class HandTime implements Time {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Runnable> alarms = new ArrayList<>();

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
      return nanos.get();
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable action) {
      alarms.add(action);
      return () -> {
        synchronized (this) {
          alarms.remove(action);
        }
      };
    }

    void pass(Duration time) {
      nanos.addAndGet(time.toNanos());
    }

    synchronized void ring() {
      List.copyOf(alarms).forEach(Runnable::run);
    }
  }

  private final HandTime time = new HandTime();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile String published = "{\"keys\":[]}";
  private volatile int status = 200;
  private HttpServer issuer;
  private RSAKey first;
  private RSAKey second;

  @BeforeEach
  void start() throws Exception {
    first = new RSAKeyGenerator(2048).keyID("1").generate();
    second = new RSAKeyGenerator(2048).keyID("2").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/jwks",
        exchange -> {
          fetched.incrementAndGet();
          var body = published.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
  }

  @AfterEach
  void stop() {
    issuer.stop(0);
  }

  private void publish(RSAKey... keys) {
    published = new JWKSet(List.of(keys)).toString(true);
  }

  private JwtGuard guard() throws IOException {
    var spec =
        new GuardSpec.Jwt(
            "demo:jwt",
            Optional.of("issuer"),
            Optional.of("us"),
            new GuardSpec.Keys.At("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks"),
            "scope",
            "sub",
            Map.of(),
            Optional.empty());
    return new JwtGuard(spec, time).start();
  }

  private static String token(RSAKey key) throws Exception {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder().issuer("issuer").audience("us").subject("alice").build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private static boolean accepts(JwtGuard guard, String token) {
    return guard.judge(token) instanceof Verdict.Accepted;
  }

  @Test
  void keysAreThereWhenTheGuardHasStarted() throws Exception {
    publish(first);

    try (var guard = guard()) {
      assertThat(accepts(guard, token(first))).isTrue();
      assertThat(accepts(guard, token(second))).isFalse();
    }
  }

  @Test
  void anUnknownKeyIsLookedForInTheBackgroundButNotTooOften() throws Exception {
    publish(first);

    try (var guard = guard()) {
      publish(first, second);
      for (int i = 0; i < 100; i++) {
        assertThat(accepts(guard, token(second))).isFalse();
      }
      assertThat(fetched).hasValue(1);

      time.pass(Duration.ofSeconds(11));

      assertThat(accepts(guard, token(second))).isFalse();
      await().untilAsserted(() -> assertThat(accepts(guard, token(second))).isTrue());
      assertThat(fetched).hasValue(2);
    }
  }

  @Test
  void aKeyThatIsWithdrawnNoLongerCountsEvenForTokensSeenBefore() throws Exception {
    publish(first, second);

    try (var guard = guard()) {
      var token = token(first);
      assertThat(accepts(guard, token)).isTrue();
      publish(second);

      time.ring();

      await().untilAsserted(() -> assertThat(accepts(guard, token)).isFalse());
    }
  }

  @Test
  void theLastGoodKeysStayWhenTheIssuerFails() throws Exception {
    publish(first);

    try (var guard = guard()) {
      for (var rubbish : List.of("<html>", "{}", "{\"keys\":1}", " ".repeat(2 << 20))) {
        published = rubbish;
        ringUntilFetched();
      }
      status = 500;
      ringUntilFetched();

      assertThat(accepts(guard, token(first))).isTrue();
    }
  }

  /// Rings until the issuer was asked anew: a bell while a fetch is under way is not heard.
  private void ringUntilFetched() {
    int before = fetched.get();
    await()
        .until(() -> {
          time.ring();
          return fetched.get() > before;
        });
  }

  @Test
  void anIssuerThatComesLaterIsFoundLater() throws Exception {
    status = 503;

    try (var guard = guard()) {
      assertThat(accepts(guard, token(first))).isFalse();
      status = 200;
      publish(first);

      await()
          .untilAsserted(() -> {
            time.ring();
            assertThat(accepts(guard, token(first))).isTrue();
          });
    }
  }
}
