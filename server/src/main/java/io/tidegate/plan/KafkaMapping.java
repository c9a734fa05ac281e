package io.tidegate.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// An `http-kafka` binding: requests become records, and records replies.
///
/// @param name `namespace:binding`
/// @param routes in order; the first that matches is taken
public record KafkaMapping(String name, List<Route> routes) {
  public KafkaMapping {
    routes = List.copyOf(routes);
  }

  /// @param guarded all of them must accept the caller, else the next route is tried
  /// @param when any of them; none means always
  public record Route(List<Guarded> guarded, List<When> when, Action action) {
    public Route {
      guarded = List.copyOf(guarded);
      when = List.copyOf(when);
    }
  }

  /// Method and path together; what is absent always matches.
  public record When(Optional<String> method, Optional<Pattern> path) {}

  /// What a route does with a request.
  public sealed interface Action {
    String cluster();

    Template topic();
  }

  /// Appends a record.
  ///
  /// @param key absent means a null key
  /// @param forwarded names of request headers that a one-way record carries; `x-*` is a prefix
  /// @param correlation absent means one-way: 204 as soon as it is stored
  /// @param bodyLimit as configured; else the topic's own limit holds
  public record Produce(
      String cluster,
      Template topic,
      Acknowledgement acks,
      Optional<Template> key,
      List<HeaderTemplate> overrides,
      List<String> forwarded,
      String idempotencyHeader,
      Optional<Correlation> correlation,
      OptionalLong bodyLimit)
      implements Action {
    public Produce {
      overrides = List.copyOf(overrides);
      forwarded = List.copyOf(forwarded);
    }
  }

  /// Whose acknowledgement a produce waits for.
  public enum Acknowledgement {
    NONE,
    LEADER_ONLY,
    IN_SYNC_REPLICAS
  }

  /// How a request finds its reply.
  ///
  /// @param requestIdHeader carries the correlation id on the request record
  /// @param replyIdHeader carries it on the reply record
  /// @param limit how long a caller is kept waiting before 504
  /// @param async response headers of a 202, such as `location`; empty means always synchronous
  public record Correlation(
      Template replyTo,
      String replyToHeader,
      String requestIdHeader,
      String replyIdHeader,
      Duration limit,
      List<HeaderTemplate> async) {
    public Correlation {
      async = List.copyOf(async);
    }
  }

  /// Reads records.
  ///
  /// @param filters any of them; none means every record
  /// @param merge all matching records as one document; absent means the newest one alone
  public record Fetch(String cluster, Template topic, List<Filter> filters, Optional<Merge> merge)
      implements Action {
    public Fetch {
      filters = List.copyOf(filters);
    }
  }

  /// All of these together.
  public record Filter(Optional<Template> key, List<HeaderTemplate> headers) {
    public Filter {
      headers = List.copyOf(headers);
    }
  }

  /// The shape of a merged document.
  public enum Merge {
    JSON_ARRAY
  }
}
