package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Route.Nothing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Server-Sent Events: the stream towards browsers (`server`), or from another server (`client`).
public record Sse(Options options, List<Route<Sse.Condition, Nothing>> routes) implements Protocol {

  /// `retry` is what browsers are told to wait before they come back. Tidegate's own: `heartbeat`
  /// (silence after which a comment is sent; zero means never), `initialComment`, and `maxLag` (so
  /// many events a reader may be behind once it has been abreast).
  public record Options(
      Place place,
      Optional<Duration> retry,
      Duration heartbeat,
      boolean initialComment,
      long maxLag,
      List<EventCheck> requests) {}

  /// What the data of every event on a path must look like.
  public record EventCheck(Place place, Glob path, Optional<Model> content) {}

  /// By path, without the query.
  public record Condition(Place place, Optional<Glob> path) {}

  static final Grammar GRAMMAR =
      Grammar.of("sse", Sse::read)
          .kind(Kind.SERVER, "sse-kafka proxy", "sse client", "asyncapi client")
          .kind(Kind.CLIENT, "http client");

  /// Shorter than the patience of the usual intermediaries, which begins at 30 s.
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final long MAX_LAG = 100_000;

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
    return new Options(
        options.place(),
        options.optional("retry", Form.number(0, Integer.MAX_VALUE)).map(Duration::ofMillis),
        options.or("heartbeat", Form.DURATION, HEARTBEAT),
        options.or("initial-comment", Form.FLAG, false),
        options.or("max-lag", Form.number(1, Long.MAX_VALUE), MAX_LAG),
        options.list(
            "requests",
            Form.mapping(check ->
                new EventCheck(
                    check.place(),
                    check.required("path", Glob.PATH),
                    check.optional("content", Model.FORM)))));
  }
}
