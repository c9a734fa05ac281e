package io.tidegate.inbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.guard.SigningSecret;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.WebhookMapping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A sender of webhooks with an inbox over a log in memory, and the words to write endpoints with.
final class Sender implements AutoCloseable {
  static final String ID = "0123456789abcdef0123456789abcdef";
  static final String TOPIC = "webhooks.test";
  static final String SECRET = "It's a Secret to Everybody";

  final MemoryLog log = new MemoryLog().topic(TOPIC, 1, false);
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Clock clock = new Clock();
  final Map<String, Endpoint> registry = new HashMap<>();
  Endpoints.Standing standing = Endpoints.Standing.HEALTHY;
  WebhookConfig config = WebhookConfig.NONE;
  final Inbox inbox;
  private final io.tidegate.http.Router router;
  private int requests;

  Sender() {
    this(mapping());
  }

  Sender(WebhookMapping mapping) {
    var endpoints =
        new Endpoints() {
          @Override
          public Optional<Endpoint> find(String id) {
            return Optional.ofNullable(registry.get(id));
          }

          @Override
          public Standing standing() {
            return standing;
          }

          @Override
          public WebhookConfig config() {
            return config;
          }
        };
    var topics = TopicMaker.on(log, Runnable::run, 8);
    inbox = new Inbox(mapping, new Inbox.Needs(log, topics, endpoints, clock, metrics));
    router = inbox.router();
  }

  /// The machine's clock, set forward by a test.
  static final class Clock implements Time {
    private volatile Duration ahead = Duration.ZERO;

    void advance(Duration by) {
      ahead = ahead.plus(by);
    }

    @Override
    public Instant now() {
      return Instant.now().plus(ahead);
    }

    @Override
    public long nanos() {
      return System.nanoTime() + ahead.toNanos();
    }

    @Override
    public Alarm after(Duration delay, Runnable action) {
      return Time.system().after(delay, action);
    }
  }

  static WebhookMapping mapping(String... topics) {
    return new WebhookMapping(
        "test:webhooks",
        "embedded",
        List.of(topics.length == 0 ? new String[] {"webhooks.*"} : topics).stream()
            .map(Pattern::of)
            .toList(),
        Optional.empty(),
        Optional.empty(),
        terms(),
        List.of(),
        new WebhookMapping.Registry(true, false, Optional.empty()),
        new WebhookMapping.Memory(1000, 1 << 20));
  }

  static WebhookMapping.Terms terms() {
    return new WebhookMapping.Terms(
        false,
        OptionalInt.empty(),
        "",
        "",
        "",
        List.of("x-*"),
        List.of(),
        1 << 20,
        OptionalInt.empty(),
        1,
        Duration.ofMinutes(10),
        WebhookMapping.Said.NOTHING);
  }

  static Endpoint endpoint() {
    return new Endpoint(
        ID,
        1,
        TOPIC,
        "for tests",
        Endpoint.Verification.NONE,
        List.of(),
        List.of(),
        Endpoint.Ack.DURABLE,
        new Endpoint.Answer(OptionalInt.empty(), "", ""),
        "",
        List.of("x-*"),
        List.of(),
        new Endpoint.Limits(1 << 20, OptionalInt.empty(), 1, Duration.ofMinutes(10)),
        Optional.empty(),
        Optional.empty(),
        WebhookMapping.Said.NOTHING);
  }

  static Endpoint github() {
    return Change.of(endpoint()).verified("github", SECRET).endpoint();
  }

  Sender with(Endpoint endpoint) {
    registry.put(endpoint.id(), endpoint);
    return this;
  }

  Answered post(String body, String... headers) {
    return send("POST", "/e/" + ID, body, headers);
  }

  Answered postGithub(String body, String delivery, String... more) {
    var headers = new String[more.length + 4];
    headers[0] = "x-hub-signature-256";
    headers[1] = "sha256=" + hmac(SECRET, body);
    headers[2] = "x-github-delivery";
    headers[3] = delivery;
    System.arraycopy(more, 0, headers, 4, more.length);
    return post(body, headers);
  }

  static String hmac(String secret, String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /// As the dispatcher does it: the head first, then the body.
  Answered send(String method, String target, String body, String... headers) {
    var answer = new CompletableFuture<Reply>();
    var question = target.indexOf('?');
    var head =
        new Request(
            "r-" + ++requests,
            "https",
            "hooks.example:443",
            method,
            question < 0 ? target : target.substring(0, question),
            question < 0 ? "" : target.substring(question + 1),
            Headers.of(headers),
            Bytes.EMPTY,
            "192.0.2.7",
            Map.of());
    try {
      router.route(head).handle(head.withBody(Bytes.utf8(body)), responder(answer));
    } catch (Problem.Refusal refusal) {
      answer.complete(Reply.of(refusal.problem()));
    }
    return new Answered(answer, "r-" + requests);
  }

  private static Responder responder(CompletableFuture<Reply> answer) {
    return new Responder() {
      @Override
      public void reply(Reply reply) {
        answer.complete(reply);
      }

      @Override
      public Outflow open(int status, Headers headers) {
        throw new AssertionError("no stream was asked for");
      }

      @Override
      public void onGone(Runnable action) {}
    };
  }

  /// What came back.
  record Answered(CompletableFuture<Reply> future, String request) {
    Reply reply() {
      try {
        return future.get(10, TimeUnit.SECONDS);
      } catch (Exception late) {
        throw new AssertionError("no answer", late);
      }
    }

    int status() {
      return reply().status();
    }

    String body() {
      return reply().body().utf8();
    }

    String header(String name) {
      return reply().headers().first(name).orElse("");
    }
  }

  List<Stored> stored() {
    return log.stored(TOPIC);
  }

  static String header(Stored record, String name) {
    return record.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(header -> header.value().utf8())
        .findFirst()
        .orElse("-");
  }

  @Override
  public void close() {
    inbox.close();
    log.close();
  }

  /// Another endpoint, with something changed.
  static final class Change {
    private Endpoint now;

    private Change(Endpoint now) {
      this.now = now;
    }

    static Change of(Endpoint endpoint) {
      return new Change(endpoint);
    }

    Endpoint endpoint() {
      return now;
    }

    Change verified(String preset, String... secrets) {
      return verified(preset, Map.of(), secrets);
    }

    Change verified(String preset, Map<String, String> parameters, String... secrets) {
      var named =
          java.util.stream.IntStream.range(0, secrets.length)
              .mapToObj(i -> SigningSecret.lasting("s" + i, new Secret(secrets[i])))
              .toList();
      var verification = new Endpoint.Verification(preset, parameters, Optional.empty());
      return make(
          it -> copy(it, verification, named, it.handshakes(), it.ack(), it.answer(), it.key()));
    }

    Change handshake(String name, Map<String, String> parameters) {
      var handshakes = List.of(new Endpoint.HandshakeSpec(name, parameters));
      return make(it ->
          copy(it, it.verification(), it.secrets(), handshakes, it.ack(), it.answer(), it.key()));
    }

    Change inMemory() {
      return make(it ->
          copy(
              it,
              it.verification(),
              it.secrets(),
              it.handshakes(),
              Endpoint.Ack.MEMORY,
              it.answer(),
              it.key()));
    }

    Change answers(int status, String type, String body) {
      var answer = new Endpoint.Answer(OptionalInt.of(status), type, body);
      return make(it ->
          copy(it, it.verification(), it.secrets(), it.handshakes(), it.ack(), answer, it.key()));
    }

    Change key(String key) {
      return make(it ->
          copy(it, it.verification(), it.secrets(), it.handshakes(), it.ack(), it.answer(), key));
    }

    Change limits(long body, OptionalInt perSecond, int burst, Duration window) {
      var limits = new Endpoint.Limits(body, perSecond, burst, window);
      return make(
          it -> rest(it, it.contentTypes(), limits, it.expires(), it.revoked(), it.topic()));
    }

    Change types(String... types) {
      return make(
          it -> rest(it, List.of(types), it.limits(), it.expires(), it.revoked(), it.topic()));
    }

    Change expires(Instant at) {
      return make(it ->
          rest(it, it.contentTypes(), it.limits(), Optional.of(at), it.revoked(), it.topic()));
    }

    Change revoked() {
      var revoked = new Endpoint.Revoked(Instant.EPOCH, "leaked");
      return make(it ->
          rest(it, it.contentTypes(), it.limits(), it.expires(), Optional.of(revoked), it.topic()));
    }

    Change topic(String topic) {
      return make(
          it -> rest(it, it.contentTypes(), it.limits(), it.expires(), it.revoked(), topic));
    }

    private Change make(UnaryOperator<Endpoint> change) {
      now = change.apply(now);
      return this;
    }

    private static Endpoint copy(
        Endpoint it,
        Endpoint.Verification verification,
        List<SigningSecret> secrets,
        List<Endpoint.HandshakeSpec> handshakes,
        Endpoint.Ack ack,
        Endpoint.Answer answer,
        String key) {
      return new Endpoint(
          it.id(),
          it.version() + 1,
          it.topic(),
          it.description(),
          verification,
          secrets,
          handshakes,
          ack,
          answer,
          key,
          it.forward(),
          it.contentTypes(),
          it.limits(),
          it.expires(),
          it.revoked(),
          it.said());
    }

    private static Endpoint rest(
        Endpoint it,
        List<String> types,
        Endpoint.Limits limits,
        Optional<Instant> expires,
        Optional<Endpoint.Revoked> revoked,
        String topic) {
      return new Endpoint(
          it.id(),
          it.version() + 1,
          topic,
          it.description(),
          it.verification(),
          it.secrets(),
          it.handshakes(),
          it.ack(),
          it.answer(),
          it.key(),
          it.forward(),
          types,
          limits,
          expires,
          revoked,
          it.said());
    }
  }
}
