package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.OutboundCalls;
import io.tidegate.guard.Guards;
import io.tidegate.guard.OAuthGuard;
import io.tidegate.http.Client;
import io.tidegate.log.Header;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.Pump;
import io.tidegate.registry.SealingKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Records of a real Kafka over real sockets to a receiver that checks what it gets.
class HttpSenderIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final OutboundHttp.Addresses HERE =
      new OutboundHttp.Addresses(List.of("127.0.0.0/8"), List.of());

  private final String id = UUID.randomUUID().toString();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private RecordLog log;
  private Edge edge;
  private HttpServer receiver;
  private Client client;
  private Client login;
  private HttpSenders senders;

  private record Received(String path, Map<String, List<String>> headers, String body) {}

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/in", exchange -> answer(exchange, 200, "fine"));
    receiver.createContext("/gone", exchange -> answer(exchange, 410, ""));
    receiver.createContext("/moved", exchange -> answer(exchange, 302, ""));
    receiver.createContext("/picky", this::picky);
    receiver.createContext("/token", this::token);
    receiver.start();
    log = new KafkaLog(KafkaSettings.plain("it", SharedBroker.bootstrap()), Time.system(), meters);
    log.create(
        List.of(topic("requests"), topic("replies"), topic("dead"), topic("secrets")), LIMIT);
    edge = Edge.open(EdgeLimits.defaults());
    client = OutboundCalls.open(edge, way(Optional.empty()));
    var spec =
        new GuardSpec.OAuth2(
            "demo:tokens",
            url("/token"),
            "me",
            new Secret("s"),
            Optional.empty(),
            Optional.empty(),
            false,
            HERE);
    login = OutboundCalls.open(edge, spec.outbound());
    var guards = Guards.of(List.of(new OAuthGuard(spec, login, Time.system(), meters)));
    var needs =
        new HttpSenders.Needs(
            log,
            _ -> client,
            guards::credentials,
            SealingKey.parse(SealingKey.generate()),
            Time.system(),
            meters);
    senders = new HttpSenders(pump(), needs).start();
  }

  @AfterEach
  void stop() {
    senders.close();
    login.close();
    client.close();
    edge.close();
    log.close();
    receiver.stop(0);
  }

  private String name(String topic) {
    return topic + "-" + id;
  }

  private TopicSpec topic(String topic) {
    return new TopicSpec(name(topic), 1, false, Map.of());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  private static OutboundHttp way(Optional<OutboundHttp.Authorization> authorization) {
    return new OutboundHttp(
        "demo:out",
        Optional.empty(),
        Optional.empty(),
        Set.of(HttpService.Version.HTTP_1_1),
        List.of(),
        authorization,
        HERE,
        Optional.empty());
  }

  private Pump pump() {
    var token =
        new OutboundHttp.Authorization("demo:tokens", "authorization", "Bearer {credentials}");
    var plain = route(Optional.of(Pattern.of("http://*/picky*")), way(Optional.of(token)));
    var made =
        new Pumps()
            .signing(name("secrets"), Pumps.rule("*", "standard-webhooks", Map.of(), SECRET))
            .build();
    return new Pump(
        made.name(),
        made.cluster(),
        made.group(),
        List.of(plain, route(Optional.empty(), way(Optional.empty()))),
        made.ordering(),
        made.idempotencyHeader(),
        made.retry(),
        made.patience(),
        made.limits(),
        made.breaker(),
        made.signing(),
        Optional.of(name("dead")));
  }

  private Pump.Route route(Optional<Pattern> key, OutboundHttp exit) {
    return new Pump.Route(
        name("requests"),
        key,
        List.of(),
        Optional.of(name("replies")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        exit);
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      received.add(
          new Received(
              exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), sent));
      exchange.getResponseHeaders().add("X-Note", "seen");
      exchange.getResponseHeaders().add("Location", url("/in"));
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// Takes the first token and no other.
  private void picky(HttpExchange exchange) throws IOException {
    var shown = exchange.getRequestHeaders().getFirst("authorization");
    answer(exchange, "Bearer token-1".equals(shown) ? 200 : 401, "");
  }

  private void token(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body =
          "{\"access_token\":\"token-%d\",\"token_type\":\"bearer\",\"expires_in\":3600}"
              .formatted(tokens.incrementAndGet())
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Attempt send(Stored record) {
    var sender = senders.on(name("requests"));
    assertThat(sender.route(record)).isInstanceOf(Routing.To.class);
    return sender.send(record, (Routing.To) sender.route(record), 1);
  }

  private void report(Stored record, Attempt attempt, Outcome outcome) {
    senders
        .on(name("requests"))
        .report(record, new Report(1, attempt, outcome, Instant.parse("2026-11-22T08:00:00Z")));
  }

  private Stored last(String topic) {
    return log.read(name(topic), 0, 0, 1 << 20, LIMIT).records().getLast();
  }

  private static String header(Stored record, String name) {
    return record.header(name).map(Bytes::utf8).orElse("-");
  }

  @Test
  void whatArrivesIsSignedAndTheReplyIsTold() throws Exception {
    var record =
        Pumps.record(url("/in?x=1"), "{\"o\":17}", "content-type", "application/json", "x-a", "b");

    var attempt = send(record);
    report(record, attempt, new Outcome.Delivered());

    assertThat(attempt.kind()).as(attempt.detail()).isEqualTo(Attempt.Kind.DELIVERED);
    var seen = received.poll(10, TimeUnit.SECONDS);
    assertThat(seen.path()).isEqualTo("/in?x=1");
    assertThat(seen.body()).isEqualTo("{\"o\":17}");
    var headers = HttpHeaders.of(seen.headers(), (_, _) -> true);
    assertThat(headers.firstValue("x-a")).contains("b");
    assertThat(headers.firstValue("content-length")).contains("8");
    assertThat(headers.firstValue("webhook-id")).isEqualTo(headers.firstValue("idempotency-key"));
    assertThatCode(() -> new Webhook(SECRET).verify(seen.body(), headers))
        .doesNotThrowAnyException();
    var reply = last("replies");
    assertThat(reply.key()).isEqualTo(record.key());
    assertThat(reply.value()).isEqualTo(Bytes.utf8("fine"));
    assertThat(header(reply, ":status")).isEqualTo("200");
    assertThat(header(reply, "x-note")).isEqualTo("seen");
    assertThat(header(reply, "zilla:attempt")).isEqualTo("1");
  }

  @Test
  void whatIsGivenUpLiesAmongTheDeadLettersAndComesBackAsItWas() {
    var record = Pumps.record(url("/gone"), "{}", "x-a", "b");
    var attempt = send(record);

    report(record, attempt, new Outcome.GivenUp(Outcome.Reason.GONE));
    var replayed = senders.deadLetters().orElseThrow().replay(DeadLetters.Selection.all(0));

    assertThat(attempt.kind()).isEqualTo(Attempt.Kind.GONE);
    assertThat(header(last("dead"), "tidegate:reason")).isEqualTo("gone");
    assertThat(header(last("dead"), "tidegate:status")).isEqualTo("410");
    assertThat(replayed.replayed()).isEqualTo(1);
    assertThat(last("requests").headers()).containsExactly(Header.of("x-a", "b"));
    assertThat(last("requests").key()).isEqualTo(record.key());
  }

  @Test
  void redirectionsAreNotFollowed() {
    assertThat(send(Pumps.record(url("/moved"), "{}")).word()).isEqualTo("3xx");
    assertThat(received).hasSize(1);
  }

  @Test
  void tokensAreFetchedOverTheSameWayOut() {
    var attempt = send(Pumps.record(url("/picky"), "{}"));

    assertThat(attempt.word()).as(attempt.detail()).isEqualTo("2xx");
    assertThat(tokens).hasValue(1);
    assertThat(send(Pumps.record(url("/picky"), "{}")).word()).isEqualTo("2xx");
    assertThat(tokens).hasValue(1);
  }

  @Test
  void privateAddressesAreRefusedForGood() {
    var attempt = send(Pumps.record("http://169.254.169.254/latest/meta-data", "{}"));

    assertThat(attempt.kind()).isEqualTo(Attempt.Kind.PERMANENT);
    assertThat(attempt.word()).isEqualTo("refused_address");
  }

  @Test
  void secureTargetsWithoutTlsAreRefusedForGood() {
    var attempt = send(Pumps.record("https://127.0.0.1/in", "{}"));

    assertThat(attempt.kind()).isEqualTo(Attempt.Kind.PERMANENT);
    assertThat(attempt.detail()).isNotEmpty();
  }
}
