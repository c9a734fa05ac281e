package io.tidegate.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.base.Secret;
import io.tidegate.guard.Credentials.Given;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.OutboundHttp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthGuardTest {
  private static final Client.Timings NONE = new Client.Timings(-1, -1, -1, -1, 1);

  private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T08:00:00Z"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TokenServer server = new TokenServer();

  /// Answers `token-1`, `token-2` and so on, or what it was told to.
  private static final class TokenServer implements Client {
    private final List<Call> asked = new CopyOnWriteArrayList<>();
    private volatile Result answer = new Result.Failed(Failure.CONNECT, "nobody listens", NONE);
    private volatile boolean counts = true;
    private volatile String rest = ",\"token_type\":\"Bearer\",\"expires_in\":600}";
    private volatile CountDownLatch gate = new CountDownLatch(0);

    void answers(int status, String body) {
      var reply = new Reply(status, Headers.NONE, Bytes.utf8(body));
      answer = new Result.Replied(reply, body.length(), NONE, "203.0.113.9");
      counts = false;
    }

    void fails(Failure failure) {
      answer = new Result.Failed(failure, "no luck", NONE);
      counts = false;
    }

    void recovers() {
      counts = true;
    }

    @Override
    public Result send(Call call, Limits limits) {
      asked.add(call);
      try {
        assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      if (!counts) {
        return answer;
      }
      var body = Bytes.utf8("{\"access_token\":\"token-" + asked.size() + "\"" + rest);
      return new Result.Replied(
          new Reply(200, Headers.NONE, body), body.size(), NONE, "203.0.113.9");
    }

    @Override
    public void close() {}
  }

  private static GuardSpec.OAuth2 spec(String url, boolean inBody) {
    return new GuardSpec.OAuth2(
        "demo:tokens",
        url,
        "client one",
        new Secret("pass:word&"),
        Optional.of("read write"),
        Optional.of("https://api.example"),
        inBody,
        OutboundHttp.Addresses.PUBLIC);
  }

  private OAuthGuard guard() {
    return new OAuthGuard(spec("https://login.example/token", false), server, time, meters);
  }

  private static Given here(String text) {
    return new Given.Here(new Secret(text));
  }

  private static String missing(Given given) {
    return ((Given.Missing) given).why();
  }

  @Test
  void asksAsTheStandardHasIt() {
    var _ = guard().now();

    var call = server.asked.getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target().url()).isEqualTo("https://login.example/token");
    assertThat(call.headers().first("content-type")).contains("application/x-www-form-urlencoded");
    assertThat(call.headers().first("authorization"))
        .contains("Basic " + base64("client+one:pass%3Aword%26"));
    assertThat(call.body().utf8())
        .isEqualTo(
            "grant_type=client_credentials&scope=read+write&audience=https%3A%2F%2Fapi.example");
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder().encodeToString(Bytes.utf8(text).array());
  }

  @Test
  void putsTheClientIntoTheBodyWhereTheServerWantsThat() {
    var guard = new OAuthGuard(spec("https://login.example/token", true), server, time, meters);

    var _ = guard.now();

    assertThat(server.asked.getFirst().headers().has("authorization")).isFalse();
    assertThat(server.asked.getFirst().body().utf8())
        .endsWith("&client_id=client+one&client_secret=pass%3Aword%26");
  }

  @Test
  void keepsATokenAndReplacesItBeforeItEnds() {
    var guard = guard();

    assertThat(guard.now()).isEqualTo(here("token-1"));
    time.advance(Duration.ofSeconds(539));
    assertThat(guard.now()).isEqualTo(here("token-1"));
    assertThat(server.asked).hasSize(1);
    time.advance(Duration.ofSeconds(2));
    assertThat(guard.now()).isEqualTo(here("token-1"));
    await().until(() -> guard.now().equals(here("token-2")));
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void aTokenThatIsOverIsNeverShown() {
    var guard = guard();
    var _ = guard.now();
    time.advance(Duration.ofSeconds(599));

    assertThat(guard.now()).isEqualTo(here("token-2"));
  }

  @Test
  void whileTheServerIsAwayAGoodTokenStays() {
    var guard = guard();
    var _ = guard.now();
    server.fails(Client.Failure.CONNECT_TIMEOUT);
    time.advance(Duration.ofSeconds(550));

    assertThat(guard.now()).isEqualTo(here("token-1"));
    await()
        .until(() ->
            meters
                    .counter("tidegate.guard.tokens", "guard", "demo:tokens", "outcome", "failed")
                    .count()
                == 1);
    assertThat(guard.now()).isEqualTo(here("token-1"));
    time.advance(Duration.ofSeconds(49));
    assertThat(missing(guard.now())).contains("connect_timeout");
  }

  @Test
  void allWhoAskWaitForOneFetch() throws Exception {
    var guard = guard();
    server.gate = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Given>>();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(guard::now));
      }
      await().until(() -> !server.asked.isEmpty());
      server.gate.countDown();

      for (var answer : answers) {
        assertThat(answer.get()).isEqualTo(here("token-1"));
      }
    }
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void afterFailuresItAsksLessAndLessOften() {
    var guard = guard();
    server.answers(503, "");

    assertThat(missing(guard.now()))
        .isEqualTo("the token server of guard demo:tokens answered 503");
    assertThat(missing(guard.now())).contains("503");
    assertThat(server.asked).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    var _ = guard.now();
    time.advance(Duration.ofSeconds(1));
    var _ = guard.now();
    assertThat(server.asked).hasSize(2);
    server.recovers();
    time.advance(Duration.ofSeconds(1));
    assertThat(guard.now()).isEqualTo(here("token-3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":"invalid_client"}                     | answered 400 invalid_client
          400 | {"error":"<script>"}                           | answered 400
          302 | {}                                             | answered 302
          200 | nonsense                                       | answered without an access_token that can be sent
          200 | {"access_token":""}                            | answered without an access_token that can be sent
          200 | {"access_token":"a\\r\\nb: c"}                 | answered without an access_token that can be sent
          200 | {"access_token":{"a":1}}                       | answered without an access_token that can be sent
          200 | {"access_token":"a","token_type":"DPoP"}       | gives tokens of another type than bearer
          """)
  void whatIsNoTokenIsSaidClearly(int status, String body, String why) {
    server.answers(status, body);

    assertThat(missing(guard().now())).isEqualTo("the token server of guard demo:tokens " + why);
  }

  @Test
  void aTokenThatAReceiverRefusesIsReplacedUnlessItIsQuiteNew() {
    var guard = guard();
    var _ = guard.now();

    assertThat(guard.renew(new Secret("token-1"))).isFalse();
    time.advance(Duration.ofSeconds(11));
    assertThat(guard.renew(new Secret("token-1"))).isTrue();
    assertThat(guard.now()).isEqualTo(here("token-2"));
    assertThat(guard.renew(new Secret("token-1"))).isTrue();
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void aServerThatGivesTheSameTokenAgainIsNoHelp() {
    server.answers(200, "{\"access_token\":\"same\"}");
    var guard = guard();
    var _ = guard.now();
    time.advance(Duration.ofSeconds(11));

    assertThat(guard.renew(new Secret("same"))).isFalse();
  }

  @Test
  void itJudgesNobodyAndShowsNoSecret() {
    var guard = guard();

    assertThat(guard.judge("token-1")).isInstanceOf(Verdict.Rejected.class);
    assertThat(spec("https://login.example/", true).toString()).doesNotContain("pass");
    assertThatThrownBy(() -> new OAuthGuard(spec("login.example", true), server, time, meters))
        .hasMessageContaining("the token URL cannot be used");
  }
}
