package io.tidegate.plan;

import java.util.List;
import java.util.Optional;

/// A `ws` server binding with what is behind it.
///
/// @param name `namespace:binding`
/// @param routes in order; the first that matches is taken
public record WsService(String name, List<Route> routes) {
  public WsService {
    routes = List.copyOf(routes);
  }

  /// @param guarded all of them must accept the caller, else the next route is tried
  /// @param when any of them; none means always
  public record Route(List<Guarded> guarded, List<Match> when, Target target) {
    public Route {
      guarded = List.copyOf(guarded);
      when = List.copyOf(when);
    }
  }

  /// All of it together.
  ///
  /// @param protocol one of those that the caller offers
  public record Match(
      Optional<String> protocol,
      Optional<Pattern> scheme,
      Optional<Pattern> authority,
      Optional<Pattern> path) {}

  /// Who speaks at the other end.
  public sealed interface Target {

    /// Every frame goes back as it came.
    record Echo() implements Target {}

    /// A WebSocket of another server.
    ///
    /// @param protocol offered to it when the caller offers none
    record Server(HttpService.Exit.Proxy server, Optional<String> protocol) implements Target {}
  }
}
