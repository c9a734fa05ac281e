package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.post;
import static io.tidegate.guard.SignedRequests.preset;
import static io.tidegate.guard.SignedRequests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Handshake.Answer;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private static final String URL = SignedRequests.URL;

  private static Answer answer(Handshake handshake, Request request) {
    return handshake.answer(request, request.url());
  }

  private static Handshake named(String name, String... parameters) {
    var map = new HashMap<String, String>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put(parameters[i], parameters[i + 1]);
    }
    return Handshakes.of(name, map, null);
  }

  private static Request get(String query, String... headers) {
    return request("GET", URL + query, Bytes.EMPTY, headers);
  }

  private static void assertText(Answer answer, String text) {
    var reply = reply(answer);
    assertThat(reply.body().utf8()).isEqualTo(text);
    assertThat(reply.headers().first("content-type")).contains("text/plain; charset=utf-8");
  }

  private static void assertJson(Answer answer, String json) {
    var reply = reply(answer);
    assertThat(reply.body().utf8()).isEqualTo(json);
    assertThat(reply.headers().first("content-type")).contains("application/json");
  }

  /// Every reply is a 200 that no browser takes for a page.
  private static Reply reply(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Respond.class);
    var reply = ((Answer.Respond) answer).reply();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers().first("x-content-type-options")).contains("nosniff");
    return reply;
  }

  private static void assertRefused(Answer answer, int status) {
    assertThat(answer).isInstanceOf(Answer.Refuse.class);
    assertThat(((Answer.Refuse) answer).problem().status()).isEqualTo(status);
  }

  private static Request slack(String body, String secret) {
    var content = Bytes.utf8("v0:1700000000:" + body);
    return post(
        Bytes.utf8(body),
        "x-slack-request-timestamp",
        "1700000000",
        "x-slack-signature",
        "v0=" + PlainHmac.hmac256(secret, content));
  }

  @Test
  void slacksChallengeComesBackWhenItIsSigned() {
    var slack = new Handshake.Slack(check(preset("slack"), "key"));
    var body = "{\"token\":\"t\",\"challenge\":\"3eZbrw1a <b>\",\"type\":\"url_verification\"}";

    assertText(answer(slack, slack(body, "key")), "3eZbrw1a <b>");
    assertRefused(answer(slack, slack(body, "other")), 401);
    assertRefused(answer(slack, post(Bytes.utf8(body))), 401);
    assertRefused(answer(slack, slack("{\"type\":\"url_verification\"}", "key")), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"type\":\"event_callback\",\"challenge\":\"c\"}",
        "{\"type\":\"event_callback\",\"text\":\"url_verification\",\"challenge\":\"c\"}",
        "{\"data\":{\"type\":\"url_verification\"},\"challenge\":\"c\"}",
        "type=url_verification&challenge=c",
        "\"url_verification\""
      })
  void anOrdinaryEventOfSlackIsNoHandshake(String body) {
    var slack = new Handshake.Slack(check(preset("slack"), "key"));

    assertThat(answer(slack, slack(body, "key"))).isInstanceOf(Answer.NotOne.class);
  }

  @Test
  void metasChallengeComesBackForOurToken() {
    var meta = named("meta", "verify_token", "ours");
    var query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";

    assertText(answer(meta, get(query + "ours")), "1158201444");
    assertRefused(answer(meta, get(query + "theirs")), 403);
    assertRefused(answer(meta, get(query)), 403);
    assertRefused(answer(meta, get("?hub.mode=subscribe&hub.verify_token=ours")), 400);
    assertThat(answer(meta, get("?hub.mode=unsubscribe"))).isInstanceOf(Answer.NotOne.class);
    assertThat(meta.method()).isEqualTo("GET");
    assertThatThrownBy(() -> named("meta", "verify_token", " ")).hasMessageContaining("required");
  }

  @Test
  void graphsTokenComesBackDecoded() {
    var graph = named("microsoft-graph");
    var query = "?validationToken=Validation%3a+Testing+reachability%3Cscript%3E";

    assertText(
        answer(graph, request("POST", URL + query, Bytes.EMPTY)),
        "Validation: Testing reachability<script>");
    assertThat(answer(graph, post(SignedRequests.BODY))).isInstanceOf(Answer.NotOne.class);
    assertThat(answer(graph, badEscape())).isInstanceOf(Answer.NotOne.class);
  }

  private static Request badEscape() {
    var sound = request("POST", URL, Bytes.EMPTY);
    return new Request(
        "r",
        "https",
        "example.com:443",
        "POST",
        "/hook",
        "validationToken=%zz",
        sound.headers(),
        Bytes.EMPTY,
        "192.0.2.1",
        Map.of());
  }

  @Test
  void cloudEventsOriginsAreGrantedByName() {
    var handshake =
        named("cloudevents", "origins", "eventemitter.example.com, other.example", "rate", "120");
    var options =
        request(
            "OPTIONS",
            URL,
            Bytes.EMPTY,
            "WebHook-Request-Origin",
            "eventemitter.example.com",
            "WebHook-Request-Callback",
            "https://attacker.example/confirm",
            "WebHook-Request-Rate",
            "1000");

    var reply = reply(answer(handshake, options));

    assertThat(reply.body().isEmpty()).isTrue();
    assertThat(reply.headers().first("webhook-allowed-origin"))
        .contains("eventemitter.example.com");
    assertThat(reply.headers().first("webhook-allowed-rate")).contains("120");
    assertThat(reply.headers().first("allow")).contains("POST");
    assertThat(handshake.method()).isEqualTo("OPTIONS");
    assertRefused(answer(handshake, origin("evil.example")), 403);
    assertThat(answer(handshake, request("OPTIONS", URL, Bytes.EMPTY)))
        .isInstanceOf(Answer.NotOne.class);
  }

  @Test
  void anyOriginMayBeLetInButOnlyAsAHostName() {
    var any = named("cloudevents", "origins", "*");

    var reply = reply(answer(any, origin("eventgrid.azure.net")));
    assertThat(reply.headers().first("webhook-allowed-origin")).contains("eventgrid.azure.net");
    assertThat(reply.headers().first("webhook-allowed-rate")).contains("*");
    for (var bad : new String[] {"", "a b", "a\r\nset-cookie: x", "<b>", "a".repeat(1025)}) {
      assertRefused(answer(any, origin(bad)), 403);
    }
  }

  private static Request origin(String origin) {
    return request("OPTIONS", URL, Bytes.EMPTY, "webhook-request-origin", origin);
  }

  @Test
  void eventGridsCodeComesBack() {
    var body =
        Bytes.utf8(
            "[{\"id\":\"1\",\"data\":{\"validationCode\":\"512d38b6\"},\"eventType\":"
                + "\"Microsoft.EventGrid.SubscriptionValidationEvent\"}]");
    var grid = named("event-grid");

    assertJson(
        answer(grid, post(body, "aeg-event-type", "SubscriptionValidation")),
        "{\"validationResponse\":\"512d38b6\"}");
    assertThat(answer(grid, post(body, "aeg-event-type", "Notification")))
        .isInstanceOf(Answer.NotOne.class);
    assertThat(answer(grid, post(Bytes.utf8("[]"), "aeg-event-type", "SubscriptionValidation")))
        .isInstanceOf(Answer.NotOne.class);
  }

  @Test
  void oktasChallengeComesBack() {
    var okta = named("okta");

    assertJson(
        answer(okta, get("", "x-okta-verification-challenge", "abc\"<")),
        "{\"verification\":\"abc\\\"<\"}");
    assertThat(answer(okta, get(""))).isInstanceOf(Answer.NotOne.class);
  }

  private static Request zoom(String body, String secret) {
    var content = Bytes.utf8("v0:1700000000:" + body);
    return post(
        Bytes.utf8(body),
        "x-zm-request-timestamp",
        "1700000000",
        "x-zm-signature",
        "v0=" + PlainHmac.hmac256(secret, content));
  }

  @Test
  void zoomsTokenComesBackWithItsHmacByTheSecretThatMatched() {
    var body =
        "{\"payload\":{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\"},\"event_ts\":1,"
            + "\"event\":\"endpoint.url_validation\"}";
    var zoom = new Handshake.Zoom(check(preset("zoom"), "newer", "zoom_secret"));

    assertJson(
        answer(zoom, zoom(body, "zoom_secret")),
        "{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\",\"encryptedToken\":"
            + "\"46a324cfb7c2ec760e4cd561586a53aadb6fc7561eb8d626d6ee1b71d808b3c0\"}");
    assertRefused(answer(zoom, zoom(body, "other")), 401);
    var event = "{\"event\":\"meeting.started\"}";
    assertThat(answer(zoom, zoom(event, "zoom_secret"))).isInstanceOf(Answer.NotOne.class);
  }

  @Test
  void xsTokenComesBackAsHmac() {
    var x = new Handshake.X(check(preset("x"), "twitter_consumer_secret", "older"));

    assertJson(
        answer(x, get("?crc_token=abc123&nonce=1")),
        "{\"response_token\":\"sha256=Bg7siR6CbUVAQ6NUvnJ6710uPP3Tt5Kd/2yyK7YkLSY=\"}");
    assertThat(answer(x, get(""))).isInstanceOf(Answer.NotOne.class);
  }

  /// Else whoever asks could have an event signed with our secret.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%7B%22for_user_id%22%3A%221%22%7D",
        "%7B%7D",
        "%5B1%5D",
        "a%20b",
        "%22a%22",
        "a%3Ab"
      })
  void nothingThatCouldBeABodyIsSignedForX(String token) {
    var x = new Handshake.X(check(preset("x"), "twitter_consumer_secret"));

    assertRefused(answer(x, get("?crc_token=" + token)), 400);
  }

  @Test
  void nothingThatCouldBeSignedContentIsSignedForZoom() {
    var zoom = new Handshake.Zoom(check(preset("zoom"), "key"));
    var body =
        "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"v0:1700000000:x\"}}";

    assertRefused(answer(zoom, zoom(body, "key")), 400);
  }

  @Test
  void dropboxsChallengeComesBack() {
    assertText(answer(named("dropbox"), get("?challenge=a%2Bb")), "a+b");
    assertThat(answer(named("dropbox"), get("?other=1"))).isInstanceOf(Answer.NotOne.class);
  }

  @Test
  void longChallengesAreRefused() {
    assertText(answer(named("dropbox"), get("?challenge=" + "a".repeat(1024))), "a".repeat(1024));
    assertRefused(answer(named("dropbox"), get("?challenge=" + "a".repeat(1025))), 400);
    var okta = get("", "x-okta-verification-challenge", "a".repeat(1025));
    assertRefused(answer(named("okta"), okta), 400);
    var x = new Handshake.X(check(preset("x"), "key"));
    assertRefused(answer(x, get("?crc_token=" + "a".repeat(1025))), 400);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,,,no handshake is named nobody",
    "okta,colour,red,has no parameter colour",
    "slack,,,needs an endpoint that checks signatures",
    "zoom,,,needs an endpoint that checks signatures",
    "x,,,needs an endpoint that checks signatures",
    "meta,,,verify_token is required",
    "cloudevents,,,origins is required",
  })
  void wrongWordsAreFaults(String name, String parameter, String value, String fault) {
    Map<String, String> parameters = parameter == null ? Map.of() : Map.of(parameter, value);

    assertThatThrownBy(() -> Handshakes.of(name, parameters, null)).hasMessageContaining(fault);
  }

  @Test
  void aRateIsANumberOrAStar() {
    for (var bad : new String[] {"0", "-1", "many", ""}) {
      assertThatThrownBy(() -> named("cloudevents", "origins", "*", "rate", bad))
          .hasMessageContaining("rate");
    }
  }

  @Test
  void everyNameIsBuilt() {
    var parameters =
        Map.of(
            "meta", Map.of("verify_token", "t"),
            "cloudevents", Map.of("origins", "*"),
            "sns", Map.of("topics", "arn:aws:sns:us-west-2:123456789012:MyTopic"));
    for (var name : Handshakes.names()) {
      var check = check(preset("slack"), "key");
      var handshake = Handshakes.of(name, parameters.getOrDefault(name, Map.of()), check);

      assertThat(answer(handshake, post(SignedRequests.BODY))).isInstanceOf(Answer.NotOne.class);
      assertThat(answer(handshake, get(""))).isInstanceOf(Answer.NotOne.class);
      assertThat(handshake.method()).isIn("GET", "POST", "OPTIONS");
    }
  }
}
