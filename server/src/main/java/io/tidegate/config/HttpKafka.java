package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// HTTP requests mapped onto topics: `produce` writes a record, `fetch` reads one or many.
public record HttpKafka(Options options, List<Route<HttpKafka.Condition, HttpKafka.With>> routes)
    implements Protocol {

  /// Names of the headers that carry the protocol between caller, gateway and replying service.
  public record Options(
      Place place, String idempotencyHeader, String replyToHeader, String correlationIdHeader) {}

  /// By method and path; what is not given matches all.
  public record Condition(Place place, Optional<String> method, Optional<Glob> path) {}

  /// What the route does with a request.
  public sealed interface With {
    Place place();

    Template topic();
  }

  /// Writes a record. With `replyTo` the answer is a record too, without it the route is one-way.
  ///
  /// `headers` (request headers to pass on, one-way only), `timeout` (of a reply) and `maxBody` are
  /// Tidegate's own. `async` maps response headers to templates; empty means synchronous.
  public record Produce(
      Place place,
      Template topic,
      Acks acks,
      Optional<Template> key,
      Map<String, Template> overrides,
      Optional<Template> replyTo,
      Optional<String> correlationId,
      Map<String, Template> async,
      HeaderSelection headers,
      Optional<Duration> timeout,
      Optional<Long> maxBody)
      implements With {}

  /// Reads the latest record that a filter lets through, or with `merge` all of them as one JSON
  /// array.
  public record Fetch(Place place, Template topic, List<Kafka.Filter> filters, boolean merge)
      implements With {}

  /// When a record counts as written.
  public enum Acks {
    NONE,
    LEADER_ONLY,
    IN_SYNC_REPLICAS
  }

  static final Grammar GRAMMAR =
      Grammar.of("http-kafka", HttpKafka::read).kind(Kind.PROXY, "kafka cache_client");

  private static final Form<String> JSON = Form.word("application/json");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static HttpKafka read(Kind kind, Mapping binding) {
    binding.forbid("exit", "each route of http-kafka has its own exit");
    if (!binding.hasItems("routes")) {
      binding.fault("has no routes", "'routes' with an exit and a 'with' each");
    }
    return new HttpKafka(
        binding.section("options", HttpKafka::options),
        Route.list(binding, Form.mapping(HttpKafka::condition), HttpKafka::with));
  }

  private static Options options(Mapping options) {
    var correlation =
        options.section(
            "correlation",
            it -> it.section("headers", headers -> correlation(options.place(), headers)));
    var idempotency =
        options.section(
            "idempotency", it -> it.or("header", HeaderSelection.NAME_FORM, "idempotency-key"));
    return new Options(
        options.place(), idempotency, correlation.replyToHeader, correlation.correlationIdHeader);
  }

  private static Options correlation(Place place, Mapping headers) {
    return new Options(
        place,
        "",
        headers.or("reply-to", Form.TEXT, "zilla:reply-to"),
        headers.or("correlation-id", Form.TEXT, "zilla:correlation-id"));
  }

  private static Condition condition(Mapping when) {
    return new Condition(
        when.place(), when.optional("method", Http.METHOD), when.optional("path", Glob.PATH));
  }

  private static With with(Mapping route, List<Condition> when) {
    var paths = when.stream().map(Condition::path).toList();
    var scope =
        Scope.ofPaths(paths, Expression.PARAM, Expression.IDENTITY, Expression.ATTRIBUTE)
            .with(Expression.HEADER, Expression.METHOD, Expression.PATH)
            .with(Expression.QUERY, Expression.URL);
    return route.required("with", Form.mapping(with -> with(with, scope)));
  }

  private static With with(Mapping with, Scope scope) {
    Map<String, BiFunction<Mapping, Scope, With>> capabilities =
        Map.of("produce", HttpKafka::produce, "fetch", HttpKafka::fetch);
    return with.required("capability", Form.choice(capabilities))
        .map(reader -> reader.apply(with, scope))
        .orElseGet(() -> fetch(with.giveUp(), scope));
  }

  private static Fetch fetch(Mapping with, Scope scope) {
    return new Fetch(
        with.place(),
        with.required("topic", scope.topic()),
        with.list("filters", Kafka.filter(scope)),
        with.optional("merge", Form.mapping(HttpKafka::merge)).isPresent());
  }

  private static Produce produce(Mapping with, Scope scope) {
    var template = scope.with(Expression.IDEMPOTENCY_KEY).template();
    var later = scope.only(Expression.PARAM, Expression.CORRELATION_ID).template();
    if (with.has("reply-to")) {
      with.forbid("headers", "with reply-to every request header is passed on anyway");
    } else {
      with.forbid("async", "an asynchronous route needs 'reply-to'");
      with.forbid("timeout", "a route without 'reply-to' does not wait for a reply");
      if (with.has("correlation-id")) {
        with.warn("'correlation-id' has no effect without 'reply-to'");
      }
    }
    return new Produce(
        with.place(),
        with.required("topic", scope.topic()),
        with.or("acks", Form.word(Acks.class, '_'), Acks.IN_SYNC_REPLICAS),
        with.optional("key", template),
        with.map("overrides", template),
        with.optional("reply-to", scope.only(Expression.PARAM).topic()),
        with.optional("correlation-id", Form.TEXT),
        with.or("async", Form.headersOf(later), Map.of()),
        with.or("headers", HeaderSelection.FORM, HeaderSelection.NONE),
        with.optional("timeout", Form.DURATION),
        with.optional("max-body", Form.SIZE));
  }

  private static String merge(Mapping merge) {
    merge.optional(
        "patch",
        Form.mapping(patch ->
            patch.or("initial", Form.word("[]"), "") + patch.or("path", Form.word("/-"), "")));
    return merge.required("content-type", JSON);
  }
}
