package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.Guard;
import io.tidegate.guard.Guards;
import io.tidegate.guard.InlineGuard;
import io.tidegate.guard.Verdict;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Router;
import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Authorization;
import io.tidegate.plan.HttpService.CredentialsAt;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HeaderMatch;
import io.tidegate.plan.HttpService.HeaderPattern;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.Template;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoutesIT {
  private static final Guard TOKENS =
      new Guard() {
        @Override
        public String name() {
          return "demo:tokens";
        }

        @Override
        public String type() {
          return "tokens";
        }

        @Override
        public Verdict judge(String credentials) {
          return credentials.startsWith("good")
              ? new Verdict.Accepted(
                  new Session(
                      name(),
                      Optional.of("alice"),
                      credentials.endsWith("writer") ? Set.of("read", "write") : Set.of("read"),
                      Map.of("team", "blue"),
                      Optional.empty()))
              : new Verdict.Rejected("not good");
        }
      };

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private HttpListener listener;

  @AfterEach
  void close() {
    edge.close();
  }

  /// Answers with its own name and what it sees.
  private static Router router(Exit.Answered exit) {
    var mapping = ((Exit.Topics) exit).mapping();
    return _ ->
        (request, responder) ->
            responder.reply(
                new Reply(
                    200,
                    Headers.NONE,
                    Bytes.utf8(
                        mapping.name()
                            + request.headers().first("x-set").map(value -> "|" + value).orElse("")
                            + request.sessions().values().stream()
                                .map(session -> "|" + session.identity().orElse("-"))
                                .findFirst()
                                .orElse(""))));
  }

  private static HttpRoute route(String name, List<Guarded> guarded, HeaderPattern... all) {
    return new HttpRoute(
        guarded,
        all.length == 0 ? List.of() : List.of(new HeaderMatch(List.of(all))),
        List.of(),
        new Exit.Topics(new KafkaMapping(name, List.of())));
  }

  private static HeaderPattern header(String name, String pattern) {
    return new HeaderPattern(name, Pattern.of(pattern));
  }

  private static HttpService service(Optional<Authorization> authorization, HttpRoute... routes) {
    return new HttpService(
        "demo:http",
        Set.of(Version.values()),
        new AccessControl.SameOrigin(),
        authorization,
        List.of(routes));
  }

  private static HttpService service(HttpRoute... routes) {
    return service(Optional.empty(), routes);
  }

  private static HttpService guarded(HttpRoute... routes) {
    return service(
        Optional.of(
            new Authorization(
                "demo:tokens",
                Optional.of(new CredentialsAt("token", "{credentials}")),
                Optional.of(new CredentialsAt("authorization", "Bearer {credentials}")),
                Optional.of(new CredentialsAt("access_token", "{credentials}")))),
        routes);
  }

  private int start(HttpService service) {
    listener =
        HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
            new Backends(
                RoutesIT::router,
                Guards.of(
                    List.of(
                        TOKENS,
                        new InlineGuard(
                            new GuardSpec.Inline("demo:inline", "bob", new Secret("x"))))),
                AccessLog.NONE));
    return listener.ports().getFirst();
  }

  private static String ask(RawClient raw, String line, String... headers) throws Exception {
    var sent = new StringBuilder(line + " HTTP/1.1\r\nhost: shop.example:7114\r\n");
    for (var header : headers) {
      sent.append(header).append("\r\n");
    }
    var reply = raw.send(sent.append("\r\n").toString()).reply();
    int status = RawClient.status(reply);
    return status == 200 ? reply.substring(reply.indexOf("\r\n\r\n") + 4) : "" + status;
  }

  @Test
  void theFirstRouteThatMatchesAnswers() throws Exception {
    int port =
        start(
            service(
                route("one", List.of(), header(":path", "/a/*"), header(":method", "POST")),
                route("two", List.of(), header(":path", "/a/{id}")),
                route("three", List.of(), header("x-kind", "z*"), header(":scheme", "http")),
                route("four", List.of(), header(":authority", "shop.example:7114"))));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "POST /a/1", "content-length: 0")).isEqualTo("one");
      assertThat(ask(raw, "GET /a/1")).isEqualTo("two");
      assertThat(ask(raw, "GET /a/1?x=/a/")).isEqualTo("two");
      assertThat(ask(raw, "GET /b", "X-Kind: y", "X-Kind: zebra")).isEqualTo("three");
      assertThat(ask(raw, "GET /b", "X-Kind: y")).isEqualTo("four");
      assertThat(ask(raw, "GET http://other/b")).isEqualTo("404");
    }
  }

  @Test
  void theQueryIsPartOfAMatchOnlyWhereThePatternAsksForIt() throws Exception {
    int port =
        start(
            service(
                route("query", List.of(), header(":path", "/items?page=*")),
                route("path", List.of(), header(":path", "/items"))));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /items?page=2")).isEqualTo("query");
      assertThat(ask(raw, "GET /items?x=2")).isEqualTo("path");
      assertThat(ask(raw, "GET /items")).isEqualTo("path");
      assertThat(ask(raw, "GET /items/1")).isEqualTo("404");
    }
  }

  @Test
  void overridesAreFilledInFromTheRequest() throws Exception {
    var params =
        new Template(
            List.of(
                new Template.Part.Text("id="),
                new Template.Part.Param("id"),
                new Template.Part.Text(","),
                new Template.Part.Query("q"),
                new Template.Part.Text(","),
                new Template.Part.RequestHeader("x-in")));
    int port =
        start(
            service(
                new HttpRoute(
                    List.of(),
                    List.of(new HeaderMatch(List.of(header(":path", "/a/{id}")))),
                    List.of(new HeaderTemplate("x-set", params)),
                    new Exit.Topics(new KafkaMapping("one", List.of())))));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /a/7?q=b%20c", "x-in: h", "x-set: forged"))
          .isEqualTo("one|id=7,b c,h");
    }
  }

  @Test
  void callersAreSentWhereTheirRolesAllowElseTurnedAwayWithTheReason() throws Exception {
    int port =
        start(
            guarded(
                route(
                    "write",
                    List.of(new Guarded("demo:tokens", List.of("write"))),
                    header(":method", "POST")),
                route("open", List.of(), header(":method", "GET"))));
    var writer = "authorization: bearer good-writer";
    var reader = "authorization: Bearer good-reader";
    var forger = "authorization: Bearer bad";

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /")).isEqualTo("open");
      assertThat(ask(raw, "GET /", forger)).isEqualTo("open");
      assertThat(ask(raw, "GET /", reader)).isEqualTo("open|alice");
      assertThat(ask(raw, "POST /", "content-length: 0")).isEqualTo("401");
      assertThat(ask(raw, "POST /", "content-length: 0", forger)).isEqualTo("403");
      assertThat(ask(raw, "POST /", "content-length: 0", reader)).isEqualTo("403");
      assertThat(ask(raw, "POST /", "content-length: 0", writer)).isEqualTo("write|alice");
      assertThat(ask(raw, "PUT /", "content-length: 0", writer)).isEqualTo("404");
      raw.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
      assertThat(raw.reply()).contains("www-authenticate: Bearer realm=");
    }
  }

  @Test
  void credentialsAreFoundInCookieThenHeaderThenQuery() throws Exception {
    int port = start(guarded(route("in", List.of(new Guarded("demo:tokens", List.of("write"))))));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /", "cookie: a=b; token=good-writer")).startsWith("in");
      assertThat(ask(raw, "GET /?access_token=good-writer&b")).startsWith("in");
      assertThat(ask(raw, "GET /?access_token=good-writer", "authorization: Bearer bad"))
          .isEqualTo("403");
      assertThat(ask(raw, "GET /", "authorization: Bearer bad", "cookie: token=good-writer"))
          .startsWith("in");
      assertThat(ask(raw, "GET /", "authorization: Basic Z29vZDp3cml0ZXI=")).isEqualTo("401");
      assertThat(ask(raw, "GET /", "authorization: Bearer two words")).isEqualTo("401");
    }
  }

  @Test
  void basicCredentialsAreHandedOnAsNameAndPassword() throws Exception {
    var service =
        service(
            Optional.of(
                new Authorization(
                    "demo:tokens",
                    Optional.empty(),
                    Optional.of(new CredentialsAt("authorization", "Basic {username}:{password}")),
                    Optional.empty())),
            route("in", List.of(new Guarded("demo:tokens", List.of("write")))));
    int port = start(service);
    var pair = Base64.getEncoder().encodeToString("good:writer".getBytes());

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /", "authorization: Basic " + pair)).startsWith("in");
      assertThat(ask(raw, "GET /", "authorization: Basic !!")).isEqualTo("401");
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(raw.reply()).contains("www-authenticate: Basic realm=");
    }
  }

  @Test
  void newRoutesHoldOnConnectionsThatAreOpen() throws Exception {
    int port = start(service(route("old", List.of(), header(":path", "/old"))));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /old")).isEqualTo("old");

      listener.update(service(route("new", List.of(), header(":path", "/new"))));

      assertThat(ask(raw, "GET /new")).isEqualTo("new");
      assertThat(ask(raw, "GET /old")).isEqualTo("404");
    }
  }

  @Test
  void pagesOfOtherOriginsMayNotCallUnlessAllowed() throws Exception {
    int port = start(service(route("in", List.of())));

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /", "origin: https://evil.example")).isEqualTo("403");
      assertThat(ask(raw, "GET /", "origin: null")).isEqualTo("403");
      assertThat(ask(raw, "GET /", "origin: http://shop.example:7114")).isEqualTo("in");
      assertThat(ask(raw, "GET /")).isEqualTo("in");
    }
  }

  @Test
  void aVersionThatIsNotOfferedIsRefused() throws Exception {
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.HTTP_2),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(route("in", List.of())));
    int port = start(service);

    try (var raw = new RawClient(port)) {
      assertThat(ask(raw, "GET /")).isEqualTo("505");
    }
  }
}
