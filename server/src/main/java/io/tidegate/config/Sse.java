package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Route.Nothing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Server-Sent Events: the stream towards browsers (`server`), or from another server (`client`).
public record Sse(Options options, List<Route<Sse.Condition, Nothing>> routes) implements Protocol {

  /// `retry` is what browsers are told to wait before they come back.
  public record Options(Place place, Duration retry, List<EventCheck> requests) {}

  /// What the data of every event on a path must look like.
  public record EventCheck(Place place, Glob path, Optional<Model> content) {}

  /// By path, without the query.
  public record Condition(Place place, Optional<Glob> path) {}

  static final Grammar GRAMMAR =
      Grammar.of("sse", Sse::read)
          .kind(Kind.SERVER, "sse-kafka proxy", "sse client", "asyncapi client")
          .kind(Kind.CLIENT, "http client");

  private static final Form<Glob> PATH =
      Glob.unnamed(Glob.PATH, "a path pattern with '*'; parameters are named at sse-kafka");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static Sse read(Kind kind, Mapping binding) {
    Route.requireWayOut(binding);
    return new Sse(
        binding.section("options", Sse::options),
        Route.plain(
            binding,
            Form.mapping(when -> new Condition(when.place(), when.optional("path", PATH)))));
  }

  private static Options options(Mapping options) {
    var retry = options.or("retry", Form.number(0, Integer.MAX_VALUE), 2000L);
    return new Options(
        options.place(),
        Duration.ofMillis(retry),
        options.list(
            "requests",
            Form.mapping(check ->
                new EventCheck(
                    check.place(),
                    check.required("path", Glob.PATH),
                    check.optional("content", Model.FORM)))));
  }
}
