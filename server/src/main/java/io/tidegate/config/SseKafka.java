package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Topics as event streams.
public record SseKafka(List<Route<SseKafka.Condition, SseKafka.With>> routes) implements Protocol {

  /// By path, without the query.
  public record Condition(Place place, Optional<Glob> path) {}

  /// Which records become events. Filters are alternatives; none means all.
  public record With(Place place, Template topic, List<Kafka.Filter> filters, EventId eventId) {}

  /// What the `id` line of an event holds.
  public enum EventId {
    ETAG,
    KEY_AND_ETAG
  }

  static final Grammar GRAMMAR =
      Grammar.of("sse-kafka", SseKafka::read).kind(Kind.PROXY, "kafka cache_client");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static SseKafka read(Kind kind, Mapping binding) {
    if (!binding.hasItems("routes")) {
      binding.fault("has no routes", "'routes' with an exit and a 'with' each");
    } else if (binding.has("exit")) {
      binding.warn("the exit of the binding itself is never taken, it has no topic");
    }
    return new SseKafka(
        Route.list(
            binding,
            Form.mapping(when -> new Condition(when.place(), when.optional("path", Glob.PATH))),
            SseKafka::with));
  }

  private static With with(Mapping route, List<Condition> when) {
    var paths = when.stream().map(Condition::path).toList();
    var scope = Scope.ofPaths(paths, Expression.PARAM, Expression.IDENTITY, Expression.ATTRIBUTE);
    return route.required(
        "with",
        Form.mapping(with ->
            new With(
                with.place(),
                with.required("topic", scope.topic()),
                with.list("filters", Kafka.filter(scope)),
                with.section("event", event -> event.or("id", eventId(), EventId.ETAG)))));
  }

  private static Form<EventId> eventId() {
    var forms = new LinkedHashMap<String, EventId>();
    forms.put("${etag}", EventId.ETAG);
    forms.put("[\"${base64(key)}\",\"${etag}\"]", EventId.KEY_AND_ETAG);
    return Form.oneOf(Map.copyOf(forms));
  }
}
