package io.tidegate.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An `sse` server binding with the `sse-kafka` bindings behind it: topics as event streams.
///
/// @param name `namespace:binding` of the `sse` binding
/// @param branches in order; the first that admits the caller and matches decides alone
public record StreamMapping(String name, Manner manner, List<Branch> branches) {
  public StreamMapping {
    branches = List.copyOf(branches);
  }

  /// The names of the clusters that the routes reach.
  public List<String> clusters() {
    return branches.stream()
        .flatMap(branch -> branch.routes().stream())
        .map(Route::cluster)
        .distinct()
        .toList();
  }

  /// How streams behave, whatever they carry.
  ///
  /// @param retry what a client is told to wait before it comes back; empty means it is not told
  /// @param heartbeat the silence after which a comment is sent; zero means never
  /// @param initialComment a comment is sent at once
  /// @param maxLag so many events a reader that was abreast may fall behind before it is dropped
  public record Manner(
      Optional<Duration> retry, Duration heartbeat, boolean initialComment, long maxLag) {}

  /// A route of the `sse` binding.
  ///
  /// @param guarded all of them must accept the caller, else the next branch is tried
  /// @param paths any of them; none means every path
  /// @param routes those of the `sse-kafka` binding that it leads to, in order
  public record Branch(List<Guarded> guarded, List<Pattern> paths, List<Route> routes) {
    public Branch {
      guarded = List.copyOf(guarded);
      paths = List.copyOf(paths);
      routes = List.copyOf(routes);
    }
  }

  /// A route of an `sse-kafka` binding.
  ///
  /// @param filters any of them; none means every record
  /// @param live topics of these names begin, for a new reader, with what comes
  public record Route(
      List<Guarded> guarded,
      List<Pattern> paths,
      String cluster,
      Template topic,
      List<KafkaMapping.Filter> filters,
      EventId eventId,
      List<Pattern> live) {
    public Route {
      guarded = List.copyOf(guarded);
      paths = List.copyOf(paths);
      filters = List.copyOf(filters);
      live = List.copyOf(live);
    }
  }

  /// What the id of an event holds, besides how far the reader has come with it.
  public enum EventId {
    ETAG,
    KEY_AND_ETAG
  }
}
