package io.tidegate.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An `http-filesystem` binding: requests are answered with files.
///
/// @param name `namespace:binding`
/// @param routes in order; the first that matches is taken
public record FileMapping(String name, List<Route> routes) {
  public FileMapping {
    routes = List.copyOf(routes);
  }

  /// @param guarded all of them must accept the caller, else the next route is tried
  /// @param when any of them; none means always
  public record Route(List<Guarded> guarded, List<When> when, Folder folder, Target target) {
    public Route {
      guarded = List.copyOf(guarded);
      when = List.copyOf(when);
    }
  }

  /// Method and path together; what is absent always matches.
  public record When(Optional<String> method, Optional<Pattern> path) {}

  /// Where files are, and nothing outside of it unless a link leads there and links are followed.
  public record Folder(Path location, boolean followsLinks) {}

  /// What in the folder is asked for.
  public sealed interface Target {
    Template path();

    /// A file, or a folder's `index.html`.
    record File(Template path) implements Target {}

    /// The names in a folder.
    record Listing(Template path) implements Target {}
  }
}
