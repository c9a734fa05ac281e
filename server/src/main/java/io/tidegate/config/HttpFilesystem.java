package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.util.List;
import java.util.Optional;

/// HTTP requests mapped onto files.
public record HttpFilesystem(List<Route<HttpFilesystem.Condition, HttpFilesystem.With>> routes)
    implements Protocol {

  /// By method and path; what is not given matches all.
  public record Condition(Place place, Optional<String> method, Optional<Glob> path) {}

  /// The file, or the folder to list, below the location that the filesystem binding serves.
  public record With(Place place, Optional<Template> path, Optional<Template> directory) {}

  static final Grammar GRAMMAR =
      Grammar.of("http-filesystem", HttpFilesystem::read).kind(Kind.PROXY, "filesystem server");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static HttpFilesystem read(Kind kind, Mapping binding) {
    if (!binding.hasItems("routes")) {
      binding.fault("has no routes", "'routes' with an exit and a 'with' each");
    } else if (binding.has("exit")) {
      binding.warn("the exit of the binding itself is never taken, it has no file");
    }
    return new HttpFilesystem(
        Route.list(binding, Form.mapping(HttpFilesystem::condition), HttpFilesystem::with));
  }

  private static Condition condition(Mapping when) {
    return new Condition(
        when.place(), when.optional("method", Http.METHOD), when.optional("path", Glob.PATH));
  }

  private static With with(Mapping route, List<Condition> when) {
    var paths = when.stream().map(Condition::path).toList();
    var template = Scope.ofPaths(paths, Expression.PARAM).template();
    return route.required(
        "with",
        Form.mapping(with -> {
          if (!with.has("path") && !with.has("directory")) {
            with.fault("names no file", "'path' or 'directory'");
          }
          return new With(
              with.place(), with.optional("path", template), with.optional("directory", template));
        }));
  }
}
