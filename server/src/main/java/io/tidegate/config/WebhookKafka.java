package io.tidegate.config;

import io.tidegate.base.Secret;
import io.tidegate.config.Binding.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Webhooks in: `POST /topics/{name}` for the topics of a list, and `POST /e/{id}` for endpoints of
/// which nobody knows the URL but their sender. All of it is Tidegate's own.
public record WebhookKafka(Options options) implements Protocol {

  /// @param topics which ones `/topics/{name}` may write to; none: nothing is allowed
  /// @param token what callers of `/topics/{name}` must show, if anything
  /// @param publicUrl scheme and authority as senders know them, when a proxy is in front
  /// @param defaults for named topics, and for endpoints that do not say otherwise
  public record Options(
      Place place,
      List<Glob> topics,
      Optional<Secret> token,
      Optional<URI> publicUrl,
      WebhookTerms defaults,
      List<Endpoint> endpoints,
      Registry registry,
      Memory memory) {}

  /// An endpoint of the file.
  ///
  /// @param name how the file calls it
  /// @param handshakes by name, with their parameters
  public record Endpoint(
      Place place,
      String name,
      String id,
      String topic,
      Optional<String> description,
      Verification verification,
      List<SecretEntry> secrets,
      Map<String, Map<String, String>> handshakes,
      WebhookTerms terms,
      Optional<Instant> expires) {}

  /// How a sender proves itself: a preset, and what is set of it.
  public record Verification(
      Place place, String preset, Map<String, String> parameters, Optional<Duration> tolerance) {}

  /// One of several secrets that are good at the same time.
  public record SecretEntry(
      Place place, Optional<String> id, Secret secret, Optional<Instant> notAfter) {}

  /// Endpoints made at run time.
  ///
  /// @param staleness how old what is known may be before secret URLs are closed; empty: as old as
  ///   it gets
  public record Registry(
      Place place, boolean enabled, boolean rejectWhenDegraded, Optional<Duration> staleness) {}

  /// How much may be acknowledged from memory and not be stored yet.
  public record Memory(Place place, long messages, long bytes) {}

  static final Grammar GRAMMAR =
      Grammar.of("webhook-kafka", WebhookKafka::read)
          .kind(Kind.PROXY, "kafka cache_client", "kafka client");

  private static final long MIB = 1 << 20;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

  /// What stands there is not repeated: an id is half a secret.
  private static final Form<String> ID =
      Form.of(
          "32 lowercase hexadecimal digits",
          value -> {
            var id = value.scalar("32 lowercase hexadecimal digits").orElse("");
            if (!id.isEmpty() && !HEX.matcher(id).matches()) {
              value.fault("is no id of an endpoint", "32 lowercase hexadecimal digits");
            }
            return id;
          });

  static final Form<Secret> SECRET =
      Form.of(
          "a text that is not empty",
          value -> {
            var text = value.scalar("a text that is not empty").orElse("-");
            if (text.isBlank()) {
              value.fault("is empty, which is no secret", "a text that is not empty");
            }
            return new Secret(text);
          });

  private static final Form<Instant> MOMENT =
      Form.of(
          "a moment such as 2030-01-31T12:00:00Z",
          value -> {
            var expected = "a moment such as 2030-01-31T12:00:00Z";
            try {
              return Instant.parse(value.scalar(expected).orElse("2030-01-31T12:00:00Z"));
            } catch (DateTimeParseException _) {
              value.fault("found " + value.described(), expected);
              return Instant.MAX;
            }
          });

  static final Form<String> TOPIC =
      Form.of(
          "a topic name",
          value -> {
            var name = value.scalar("a topic name").orElse("x");
            if (name.isEmpty()) {
              value.fault("found " + value.described(), "a topic name");
            }
            Scope.checkTopic(value, name, true);
            return name;
          });

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  @Override
  public List<Route<?, ?>> routes() {
    return List.of();
  }

  private static WebhookKafka read(Kind kind, Mapping binding) {
    if (!binding.has("exit")) {
      binding.fault("leads nowhere", "'exit' to a kafka cache_client or client");
    }
    return new WebhookKafka(binding.section("options", WebhookKafka::options));
  }

  private static Options options(Mapping options) {
    return new Options(
        options.place(),
        options.list("topics", Glob.unnamed(Glob.FORM, "a topic name, or a pattern with '*'")),
        options.optional("token", SECRET),
        options.optional("public-url", Form.HTTP_URI),
        options.section("defaults", WebhookTerms::read),
        options.or("endpoints", Form.of("a mapping", WebhookKafka::endpoints), List.of()),
        options.section("registry", WebhookKafka::registry),
        options.section("memory", WebhookKafka::memory));
  }

  private static Registry registry(Mapping registry) {
    return new Registry(
        registry.place(),
        registry.or("enabled", Form.FLAG, true),
        registry.or("reject-when-degraded", Form.FLAG, false),
        registry.optional("max-staleness", Form.DURATION));
  }

  private static Memory memory(Mapping memory) {
    return new Memory(
        memory.place(),
        memory.or("messages", Form.number(100, 1_000_000), 10_000L),
        memory.or("bytes", WebhookTerms.size(MIB, 1024 * MIB), 64 * MIB));
  }

  /// Every id stands for one endpoint alone.
  private static List<Endpoint> endpoints(Value value) {
    var read = new ArrayList<Endpoint>();
    value
        .mapping()
        .entries((name, item) -> {
          var endpoint = Form.mapping(it -> endpoint(name, it)).read(item);
          if (!endpoint.id.isEmpty()
              && read.stream().anyMatch(other -> other.id.equals(endpoint.id))) {
            item.fault("another endpoint has the same id", "an id of its own");
          }
          read.add(endpoint);
          return endpoint;
        });
    return List.copyOf(read);
  }

  private static Endpoint endpoint(String name, Mapping endpoint) {
    return new Endpoint(
        endpoint.place(),
        name,
        endpoint.required("id", ID),
        endpoint.required("topic", TOPIC),
        endpoint.optional("description", Form.TEXT),
        endpoint.or(
            "verification",
            Form.of("the name of a preset, or a mapping with one", WebhookKafka::verification),
            new Verification(endpoint.place(), "none", Map.of(), Optional.empty())),
        secrets(endpoint),
        endpoint.map("handshakes", Form.mapOf(Form.TEXT)),
        WebhookTerms.read(endpoint),
        endpoint.optional("expires", MOMENT));
  }

  private static Verification verification(Value value) {
    if (!value.isMapping()) {
      return new Verification(value.place(), value.text(), Map.of(), Optional.empty());
    }
    return Form.mapping(it ->
            new Verification(
                it.place(),
                it.required("preset", Form.TEXT),
                it.map("parameters", Form.TEXT),
                it.optional("tolerance", Form.DURATION)))
        .read(value);
  }

  private static List<SecretEntry> secrets(Mapping endpoint) {
    if (endpoint.has("secret")) {
      endpoint.forbid("secrets", "'secret' is there already; 'secrets' lists several");
    }
    var one = endpoint.optional("secret", Form.of("a text", WebhookKafka::secret)).map(List::of);
    return one.orElseGet(
        () -> endpoint.list("secrets", Form.of("a text, or a mapping", WebhookKafka::secret)));
  }

  private static SecretEntry secret(Value value) {
    if (!value.isMapping()) {
      return new SecretEntry(value.place(), Optional.empty(), SECRET.read(value), Optional.empty());
    }
    return Form.mapping(it ->
            new SecretEntry(
                it.place(),
                it.optional("id", Form.TEXT),
                it.required("secret", SECRET),
                it.optional("not-after", MOMENT)))
        .read(value);
  }
}
