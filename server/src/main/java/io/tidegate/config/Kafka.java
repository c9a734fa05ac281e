package io.tidegate.config;

import io.tidegate.base.Secret;
import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Reference.Target;
import io.tidegate.config.Route.Nothing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Topics held ready for reading (`cache_client`, `cache_server`) and the cluster they come from
/// (`client`).
public record Kafka(Options options, List<Route<Kafka.Condition, Nothing>> routes)
    implements Protocol {

  /// By kind.
  public sealed interface Options {}

  /// What is checked when records are written.
  public record CacheClient(Place place, List<Topic> topics) implements Options {}

  /// What is read before anyone asks, and how.
  public record CacheServer(Place place, List<TopicName> bootstrap, List<Topic> topics)
      implements Options {}

  /// The cluster. No servers: the embedded node.
  public record Client(Place place, List<Server> servers, Optional<Login> login)
      implements Options {}

  /// The name of one topic.
  public record TopicName(Place place, String name) {}

  /// `host:port` of a broker.
  public record Server(Place place, String host, int port) {}

  /// Settings for the topics that a name, or a pattern with `{x}`, stands for.
  public record Topic(
      Place place,
      Glob name,
      Offset defaultOffset,
      Delta deltaType,
      List<Transform> transforms,
      Optional<Model> key,
      Optional<Model> value) {}

  /// Where reading starts when nothing was kept.
  public enum Offset {
    HISTORICAL,
    LIVE
  }

  /// How values are kept.
  public enum Delta {
    NONE,
    JSON_PATCH
  }

  /// Keys and headers derived from a record when it is read.
  public sealed interface Transform {
    /// A new key.
    record ExtractKey(Field field) implements Transform {}

    /// More headers.
    record ExtractHeaders(Map<String, Field> headers) implements Transform {}

    /// A field, by its path inside the record's key or value.
    record Field(Place place, boolean ofKey, String path) {}
  }

  /// How the brokers know us. With a guard, `{identity}` and `{credentials}` in the credentials are
  /// the guard's.
  public record Login(Place place, Optional<Reference> guard, Credentials credentials) {}

  /// What is shown to the brokers.
  public sealed interface Credentials {
    /// PLAIN or SCRAM.
    record Password(Mechanism mechanism, String username, Secret password) implements Credentials {}

    /// OAUTHBEARER.
    record Token(Secret token) implements Credentials {}
  }

  /// Of SASL.
  public enum Mechanism {
    PLAIN,
    SCRAM_SHA_256,
    SCRAM_SHA_512,
    OAUTHBEARER
  }

  /// By topic.
  public record Condition(Place place, Optional<Glob> topic) {}

  /// Which records of a topic are meant: all that is given must be equal.
  public record Filter(Place place, Optional<Template> key, Map<String, Template> headers) {}

  static final Grammar GRAMMAR =
      Grammar.of("kafka", Kafka::read)
          .kind(Kind.CACHE_CLIENT, "kafka cache_server")
          .kind(Kind.CACHE_SERVER, "kafka client")
          .kind(Kind.CLIENT, "tls client", "tcp client");

  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):(\\d{1,5})");
  private static final Pattern FIELD = Pattern.compile("\\$\\{message\\.(key|value)\\.([^}\\s]+)}");
  private static final Form<TopicName> TOPIC_NAME = Form.of("a topic name", Kafka::topicName);

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  static Form<Filter> filter(Scope scope) {
    var template = scope.template();
    return Form.mapping(filter ->
        new Filter(
            filter.place(), filter.optional("key", template), filter.map("headers", template)));
  }

  private static Kafka read(Kind kind, Mapping binding) {
    return switch (kind) {
      case CACHE_CLIENT -> cache(binding, Kafka::cacheClient);
      case CACHE_SERVER -> cache(binding, Kafka::cacheServer);
      default -> client(binding);
    };
  }

  private static Kafka cache(Mapping binding, Function<Mapping, Options> options) {
    Route.requireWayOut(binding);
    return new Kafka(
        binding.section("options", options), Route.plain(binding, Form.mapping(Kafka::condition)));
  }

  private static Kafka client(Mapping binding) {
    var options = binding.section("options", Kafka::clientOptions);
    if (!options.servers.isEmpty()) {
      Route.requireWayOut(binding);
    }
    return new Kafka(options, Route.plain(binding, Form.mapping(Kafka::noCondition)));
  }

  private static Condition condition(Mapping when) {
    return new Condition(
        when.place(), when.optional("topic", Glob.unnamed(Glob.FORM, "a topic pattern with '*'")));
  }

  private static Condition noCondition(Mapping when) {
    when.forbid(
        "topic",
        "a kafka client has no routes by topic since Zilla 2; route by topic at the cache_client");
    return new Condition(when.place(), Optional.empty());
  }

  private static CacheClient cacheClient(Mapping options) {
    return new CacheClient(
        options.place(),
        options.list(
            "topics",
            Form.mapping(topic ->
                new Topic(
                    topic.place(),
                    topic.required("name", Glob.FORM),
                    Offset.HISTORICAL,
                    Delta.NONE,
                    List.of(),
                    topic.optional("key", Model.FORM),
                    topic.optional("value", Model.FORM)))));
  }

  private static CacheServer cacheServer(Mapping options) {
    return new CacheServer(
        options.place(),
        options.list("bootstrap", TOPIC_NAME),
        options.list("topics", Form.mapping(Kafka::topic)));
  }

  private static Topic topic(Mapping topic) {
    return new Topic(
        topic.place(),
        topic.required("name", Glob.FORM),
        topic.or("defaultOffset", Form.word(Offset.class, '_'), Offset.HISTORICAL),
        topic.or("deltaType", Form.word(Delta.class, '_'), Delta.NONE),
        topic.or("transforms", Form.of("a list", Kafka::transforms), List.of()),
        topic.optional("key", Model.FORM),
        topic.optional("value", Model.FORM));
  }

  private static List<Transform> transforms(Value value) {
    var transforms =
        value.items().stream().map(item -> Form.mapping(Kafka::transform).read(item)).toList();
    for (var i = 1; i < transforms.size(); i++) {
      if (transforms.get(i) instanceof Transform.ExtractKey) {
        value.fault("extract-key comes too late", "extract-key first, then extract-headers");
      }
    }
    return transforms;
  }

  private static Transform transform(Mapping transform) {
    var field = Form.of("${message.key.FIELD} or ${message.value.FIELD}", Kafka::field);
    var headers = transform.optional("extract-headers", Form.mapOf(field));
    if (headers.isPresent()) {
      transform.forbid("extract-key", "one list item derives the key or headers, not both");
      return new Transform.ExtractHeaders(headers.get());
    }
    return new Transform.ExtractKey(transform.required("extract-key", field));
  }

  private static Transform.Field field(Value value) {
    var expected = "${message.key.FIELD} or ${message.value.FIELD}";
    var matcher = FIELD.matcher(value.scalar(expected).orElse("${message.key.x}"));
    if (!matcher.matches()) {
      value.fault("found " + value.described(), expected);
      return new Transform.Field(value.place(), true, "");
    }
    return new Transform.Field(value.place(), matcher.group(1).equals("key"), matcher.group(2));
  }

  private static Client clientOptions(Mapping options) {
    var authorization =
        options
            .optional("authorization", Form.single(Target.GUARD, Kafka::authorization))
            .flatMap(it -> it);
    if (authorization.isPresent()) {
      options.forbid("sasl", "'authorization' says already how to log in");
    }
    var sasl =
        options.optional("sasl", Form.mapping(it -> login(it.place(), Optional.empty(), it)));
    return new Client(
        options.place(),
        options.list("servers", Form.of("host:port", Kafka::server)),
        authorization.or(() -> sasl));
  }

  private static Login authorization(Reference guard, Value value) {
    return Form.mapping(it ->
            it.required(
                "credentials",
                Form.mapping(credentials -> login(value.place(), Optional.of(guard), credentials))))
        .read(value);
  }

  private static Login login(Place place, Optional<Reference> guard, Mapping credentials) {
    var mechanism = credentials.required("mechanism", Form.word(Mechanism.class, '-'));
    if (mechanism == Mechanism.OAUTHBEARER) {
      var token = credentials.required("token", Form.SECRET);
      return new Login(place, guard, new Credentials.Token(token));
    }
    var username = credentials.required("username", Form.TEXT);
    var password = credentials.required("password", Form.SECRET);
    return new Login(place, guard, new Credentials.Password(mechanism, username, password));
  }

  private static Server server(Value value) {
    var matcher = SERVER.matcher(value.scalar("host:port").orElse("x:1"));
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
      value.fault("found " + value.described(), "host:port");
      return new Server(value.place(), "", 0);
    }
    return new Server(value.place(), matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  private static TopicName topicName(Value value) {
    var name = value.scalar("a topic name").orElse("");
    Scope.checkTopic(value, name, true);
    return new TopicName(value.place(), name);
  }
}
