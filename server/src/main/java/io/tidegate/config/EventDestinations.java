package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Events that are published for tenants, and delivered to what each of them has subscribed. All of
/// it is Tidegate's own.
public record EventDestinations(Options options) implements Protocol {

  /// @param topics those that there are; `*` stands for any run of characters; none: all
  /// @param strict topics that there are not are refused
  /// @param signature of destinations that do not say: `outpost` or `standard-webhooks`
  /// @param types of destinations that are offered; none: all that can be
  /// @param portal where tenants see their own things
  /// @param sources topics whose records are events too
  /// @param disabling when a destination that only fails is disabled
  public record Options(
      Place place,
      List<String> topics,
      boolean strict,
      String signature,
      int mostDestinations,
      List<String> types,
      Optional<URI> portal,
      List<Source> sources,
      Ordering ordering,
      Disabling disabling,
      DeliveryTerms terms,
      List<KafkaHttp.Network> allow,
      List<KafkaHttp.Network> deny,
      Optional<KafkaHttp.Server> proxy) {}

  /// A topic whose records are events.
  ///
  /// @param metadata headers of the record that become metadata of the event
  public record Source(
      Place place, String topic, From tenant, From eventTopic, From id, List<String> metadata) {}

  /// Where something is found: in a header, in the file itself, or in what is meant by a word.
  ///
  /// @param of `key`, `topic`, `position`, or empty
  public record From(
      Place place, Optional<String> header, Optional<String> value, Optional<String> of) {}

  /// What stays in order.
  public enum Order {
    NONE,
    /// All that goes to a destination.
    DESTINATION,
    /// What goes to a destination and has the same value in a field.
    FIELD
  }

  /// @param field JSON pointer into the event
  public record Ordering(Order by, Optional<String> field) {}

  /// @param failures in a row; 0: never
  /// @param lasting for so long at least
  /// @param atMost or for so long, however few
  public record Disabling(Place place, long failures, Duration lasting, Duration atMost) {}

  static final Grammar GRAMMAR =
      Grammar.of("event-destinations", EventDestinations::read)
          .kind(Kind.REMOTE_SERVER, "http client")
          .entered("kafka cache_client", "kafka client");

  private static final String ORDERING = "none, destination or {field: POINTER}";
  private static final Form<String> FIELD =
      Form.text(
          Pattern.compile("/(topic|metadata/[^/]+|data(/[^/]*)+)"),
          "a JSON pointer such as /data/customer_id, /metadata/region or /topic");
  private static final Form<String> HEADER =
      Form.text(Pattern.compile("[\\x21-\\x7e]{1,200}"), "the name of a record header");
  private static final Form<String> WORD =
      Form.text(Pattern.compile("[^\\p{Cntrl}/]{1,128}"), "a text without slashes");

  private static final Form<String> TOPIC =
      Form.text(
          Pattern.compile("[^\\p{Cntrl}]{0,127}[^\\p{Cntrl}\\s]"),
          "a topic, or a pattern with '*'");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  @Override
  public List<Route<?, ?>> routes() {
    return List.of();
  }

  private static EventDestinations read(Kind kind, Mapping binding) {
    if (!binding.has("exit")) {
      binding.fault("leads nowhere", "'exit' to an http client");
    }
    return new EventDestinations(binding.section("options", EventDestinations::options));
  }

  private static Options options(Mapping options) {
    var addresses = options.section("addresses", KafkaHttp::addresses);
    if (!options.hasItems("topics")) {
      options.forbid("unknown-topics", "without 'topics' every topic is known");
    }
    return new Options(
        options.place(),
        options.list("topics", TOPIC),
        options.or("unknown-topics", Form.word("refuse", "warn"), "refuse").equals("refuse"),
        options.or("signature", Form.word("outpost", "standard-webhooks"), "outpost"),
        Math.toIntExact(options.or("max-destinations", Form.number(1, 1_000_000), 20L)),
        options.list("types", Form.word("webhook", "hookdeck", "kafka", "rabbitmq")),
        options.optional("portal-url", Form.HTTP_URI),
        options.list("sources", Form.mapping(EventDestinations::source)),
        options.or(
            "ordering",
            Form.of(ORDERING, EventDestinations::ordering),
            new Ordering(Order.NONE, Optional.empty())),
        options.section("disable-after", EventDestinations::disabling),
        DeliveryTerms.read(options),
        addresses.getFirst(),
        addresses.getLast(),
        options.optional("proxy", Form.of("host:port", KafkaHttp::server)));
  }

  private static Disabling disabling(Mapping disabling) {
    var lasting = disabling.or("for", Form.DURATION, Duration.ofDays(1));
    var usual = Duration.ofDays(5);
    var atMost =
        disabling.or("or-for", Form.DURATION, lasting.compareTo(usual) > 0 ? lasting : usual);
    if (atMost.compareTo(lasting) < 0) {
      disabling.fault("'or-for' is shorter than 'for'", "an 'or-for' that is longer");
    }
    return new Disabling(
        disabling.place(),
        disabling.or("failures", Form.number(0, 1_000_000), 100L),
        lasting,
        atMost);
  }

  private static Source source(Mapping source) {
    var nowhere = Optional.<String>empty();
    var place = source.place();
    return new Source(
        place,
        source.required("topic", WebhookKafka.TOPIC),
        source.required("tenant", from("key")),
        source.or(
            "event-topic",
            from("topic", "key"),
            new From(place, nowhere, nowhere, Optional.of("topic"))),
        source.or(
            "id", from("position"), new From(place, nowhere, nowhere, Optional.of("position"))),
        source.list("metadata", HEADER));
  }

  /// `{header: NAME}`, `{value: TEXT}`, or one of the words.
  private static Form<From> from(String... words) {
    var expected = "{header: NAME}, {value: TEXT} or " + Form.spoken(List.of(words));
    return Form.of(
        expected,
        value ->
            value.isMapping()
                ? Form.mapping(it -> from(it, expected)).read(value)
                : new From(
                    value.place(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Form.word(words).read(value))));
  }

  private static From from(Mapping from, String expected) {
    if (from.has("header") == from.has("value")) {
      from.fault("says nothing, or too much", expected);
    }
    return new From(
        from.place(),
        from.optional("header", HEADER),
        from.optional("value", WORD),
        Optional.empty());
  }

  private static Ordering ordering(Value value) {
    if (value.isMapping()) {
      return Form.mapping(it -> new Ordering(Order.FIELD, Optional.of(it.required("field", FIELD))))
          .read(value);
    }
    var word = Form.word("none", "destination").read(value);
    return new Ordering(
        word.equals("destination") ? Order.DESTINATION : Order.NONE, Optional.empty());
  }
}
