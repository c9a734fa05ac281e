package io.tidegate.config;

import io.tidegate.base.Secret;
import io.tidegate.config.Binding.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Records of a topic sent as HTTP requests, each to the URL in its key.
public record KafkaHttp(
    Options options, List<Route<KafkaHttp.Condition, Optional<KafkaHttp.With>>> routes)
    implements Protocol {

  /// @param group empty: named after the binding
  /// @param secrets a topic with further rules of signing
  /// @param proxy `host:port`
  public record Options(
      Place place,
      Optional<String> group,
      Ordering ordering,
      String idempotencyHeader,
      DeliveryTerms terms,
      List<Signing> signing,
      Optional<Topic> secrets,
      Optional<Topic> deadLetter,
      List<Network> allow,
      List<Network> deny,
      Optional<Server> proxy) {}

  /// What must stay in order: records of one key, nothing, or records with one value of a header.
  public record Ordering(Place place, Order by, Optional<String> header) {}

  public enum Order {
    KEY,
    NONE,
    HEADER
  }

  /// @param when a pattern over the URL; empty: every URL
  public record Signing(
      Place place,
      Optional<Glob> when,
      String preset,
      Map<String, String> parameters,
      List<Secret> secrets) {}

  public record Topic(Place place, String name) {}

  /// A network such as `10.0.0.0/8`, an address, a name, or a pattern of names.
  public record Network(Place place, String text) {}

  public record Server(Place place, String host, int port) {}

  /// Which records a route takes, and where the replies go.
  public record Condition(
      Place place,
      String topic,
      Optional<Topic> replyTo,
      Optional<Glob> key,
      Map<String, Glob> headers) {}

  /// What a request is like, whatever the record says.
  public record With(
      Place place,
      Optional<String> method,
      Optional<String> scheme,
      Optional<String> authority,
      Optional<String> path,
      Map<String, Template> overrides) {}

  static final Grammar GRAMMAR =
      Grammar.of("kafka-http", KafkaHttp::read)
          .kind(Kind.REMOTE_SERVER, "http client")
          .entered("kafka cache_client", "kafka client");

  private static final String ORDERING = "key, none or {header: NAME}";
  private static final Form<String> TOPIC = topicName();
  private static final Form<Topic> PLACED_TOPIC =
      Form.of("a topic name", value -> new Topic(value.place(), TOPIC.read(value)));
  private static final Form<Glob> PATTERN = Glob.unnamed(Glob.FORM, "a pattern with '*'");

  private static final Form<String> GROUP =
      Form.text(Pattern.compile("[\\x21-\\x7e]{1,200}"), "the name of a consumer group");
  private static final Form<String> PATH =
      Form.text(Pattern.compile("/[\\x21-\\x22\\x24-\\x7e]{0,2000}"), "a path starting with '/'");
  private static final Form<String> AUTHORITY =
      Form.text(
          Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]{1,253})(:\\d{1,5})?"),
          "a host, or host:port");
  private static final Form<String> METHOD =
      Form.word("POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS");

  private static final Form<Map<String, Template>> OVERRIDES =
      Form.of("a mapping", KafkaHttp::overrides);
  private static final Set<String> FRAMING =
      Set.of("host", "content-length", "transfer-encoding", "connection", "te", "upgrade");

  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]{1,253}):(\\d{1,5})");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static KafkaHttp read(Kind kind, Mapping binding) {
    binding.forbid("exit", "each route of kafka-http has its own exit");
    if (!binding.hasItems("routes")) {
      binding.fault("has no routes", "'routes' with a topic in 'when' and an exit each");
    }
    return new KafkaHttp(
        binding.section("options", KafkaHttp::options),
        Route.list(binding, Form.mapping(KafkaHttp::condition), KafkaHttp::with));
  }

  private static Options options(Mapping options) {
    var addresses = options.section("addresses", KafkaHttp::addresses);
    var ordering =
        options.or(
            "ordering",
            Form.of(ORDERING, KafkaHttp::ordering),
            new Ordering(options.place(), Order.KEY, Optional.empty()));
    return new Options(
        options.place(),
        options.optional("group", GROUP),
        ordering,
        options.section(
            "idempotency", it -> it.or("header", HeaderSelection.NAME_FORM, "idempotency-key")),
        DeliveryTerms.read(options),
        options.list("signing", Form.mapping(KafkaHttp::signing)),
        options.optional("secrets", PLACED_TOPIC),
        options.optional("dead-letter", PLACED_TOPIC),
        addresses.getFirst(),
        addresses.getLast(),
        options.optional("proxy", Form.of("host:port", KafkaHttp::server)));
  }

  private static Ordering ordering(Value value) {
    if (value.isMapping()) {
      return Form.mapping(it ->
              new Ordering(
                  it.place(),
                  Order.HEADER,
                  Optional.of(it.required("header", HeaderSelection.NAME_FORM))))
          .read(value);
    }
    var words = Map.of("key", Order.KEY, "none", Order.NONE);
    var word = value.scalar(ORDERING).orElse("key");
    if (!words.containsKey(word)) {
      value.fault("found " + value.described(), ORDERING, Nearest.to(word, words.keySet()));
    }
    return new Ordering(value.place(), words.getOrDefault(word, Order.KEY), Optional.empty());
  }

  private static Signing signing(Mapping rule) {
    return new Signing(
        rule.place(),
        rule.optional("when", PATTERN),
        rule.or("preset", Form.word("standard-webhooks", "svix", "hmac"), "standard-webhooks"),
        rule.map("parameters", Form.TEXT),
        secrets(rule));
  }

  private static List<Secret> secrets(Mapping rule) {
    var secrets =
        rule.required("secrets", Form.listOf(Form.of("a text, or a mapping", KafkaHttp::secret)));
    if (secrets.isEmpty() && rule.has("secrets")) {
      rule.fault("has no secret to sign with", "at least one in 'secrets'");
    }
    return secrets;
  }

  /// Alone, or under a name that says which one it is.
  private static Secret secret(Value value) {
    if (!value.isMapping()) {
      return WebhookKafka.SECRET.read(value);
    }
    return Form.mapping(
            it -> {
              it.optional("id", Form.TEXT);
              return it.required("secret", WebhookKafka.SECRET);
            })
        .read(value);
  }

  /// What may be connected to, and what may not.
  static List<List<Network>> addresses(Mapping addresses) {
    var network = Form.of("a network, an address or a name", KafkaHttp::network);
    return List.of(
        addresses.or("allow", Form.oneOrMore(network), List.of()),
        addresses.or("deny", Form.oneOrMore(network), List.of()));
  }

  private static Network network(Value value) {
    var expected = "a network such as 10.0.0.0/8, an address, or a name such as *.example.com";
    var text = value.scalar(expected).orElse("localhost");
    if (text.contains("/")) {
      return new Network(value.place(), Tcp.CIDR.read(value));
    }
    var isName = text.matches("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    if (!isName && !Tcp.isAddress(text)) {
      value.fault("found " + value.described(), expected);
    }
    return new Network(value.place(), text);
  }

  static Server server(Value value) {
    var matcher = SERVER.matcher(value.scalar("host:port").orElse("x:1"));
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
      value.fault("found " + value.described(), "host:port");
      return new Server(value.place(), "", 0);
    }
    return new Server(value.place(), matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  private static Condition condition(Mapping when) {
    return new Condition(
        when.place(),
        when.required("topic", TOPIC),
        when.optional("reply-to", PLACED_TOPIC),
        when.optional("key", PATTERN),
        when.or("headers", Form.headersOf(PATTERN), Map.of()));
  }

  private static Optional<With> with(Mapping route, List<Condition> when) {
    route.forbid("guarded", "records have no session that a guard could judge");
    if (when.isEmpty() && !route.has("when")) {
      route.fault("takes no topic", "'when' with a 'topic'");
    }
    return route.optional("with", Form.mapping(KafkaHttp::request));
  }

  private static With request(Mapping with) {
    return new With(
        with.place(),
        with.optional("method", METHOD),
        with.optional("scheme", Form.word("http", "https")),
        with.optional("authority", AUTHORITY),
        with.optional("path", PATH),
        with.section("headers", headers -> headers.or("overrides", OVERRIDES, Map.of())));
  }

  /// Headers filled in from the record. Those that frame the request are not for the file to say.
  private static Map<String, Template> overrides(Value value) {
    var template =
        Scope.of(List.of(), Expression.HEADER, Expression.IDEMPOTENCY_KEY)
            .with(Expression.CORRELATION_ID, Expression.METHOD)
            .with(Expression.PATH, Expression.URL)
            .template();
    var read = Form.headersOf(Form.of("text", item -> value(item, template))).read(value);
    for (var name : read.keySet()) {
      if (name.startsWith(":") || FRAMING.contains(name)) {
        value.fault(Fault.quote(name) + " is for the connection, not for the file", "");
      }
    }
    return read;
  }

  private static Template value(Value item, Form<Template> template) {
    HeaderSelection.VALUE_FORM.read(item);
    return template.read(item);
  }

  /// A name that stands for itself.
  private static Form<String> topicName() {
    return Form.of(
        "a topic name",
        value -> {
          var name = value.scalar("a topic name").orElse("x");
          if (name.isEmpty()) {
            value.fault("found " + value.described(), "a topic name");
          }
          Scope.checkTopic(value, name, true);
          return name;
        });
  }
}
