package io.tidegate.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An `http` server binding with all that is behind it.
///
/// @param name `namespace:binding`
/// @param authorization where credentials are found, and the guard that judges them
/// @param routes in order; the first that matches is taken, and decides alone
/// @param checks in order; the first for a path, method and content type holds
public record HttpService(
    String name,
    Set<Version> versions,
    AccessControl accessControl,
    Optional<Authorization> authorization,
    List<HttpRoute> routes,
    List<RequestCheck> checks) {
  public HttpService {
    versions = Set.copyOf(versions);
    routes = List.copyOf(routes);
    checks = List.copyOf(checks);
  }

  /// Without checks.
  public HttpService(
      String name,
      Set<Version> versions,
      AccessControl accessControl,
      Optional<Authorization> authorization,
      List<HttpRoute> routes) {
    this(name, versions, accessControl, authorization, routes, List.of());
  }

  /// The versions of HTTP that a listener offers.
  public enum Version {
    HTTP_1_1,
    HTTP_2
  }

  /// Who may read replies across origins.
  public sealed interface AccessControl {
    record SameOrigin() implements AccessControl {}

    /// Empty lists mean "not restricted".
    record CrossOrigin(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        boolean credentials,
        Optional<Duration> maxAge,
        List<String> exposed)
        implements AccessControl {}
  }

  /// Where a caller's credentials are: cookies are looked at first, then headers, then the query.
  /// The patterns hold `{credentials}`.
  public record Authorization(
      String guard,
      Optional<CredentialsAt> cookie,
      Optional<CredentialsAt> header,
      Optional<CredentialsAt> query) {}

  public record CredentialsAt(String name, String pattern) {}

  /// One route of an `http` server binding.
  ///
  /// @param guarded all of them must accept the caller, else the next route is tried
  /// @param when any of them; none means always
  public record HttpRoute(
      List<Guarded> guarded, List<HeaderMatch> when, List<HeaderTemplate> overrides, Exit exit) {
    public HttpRoute {
      guarded = List.copyOf(guarded);
      when = List.copyOf(when);
      overrides = List.copyOf(overrides);
    }
  }

  /// All of these header patterns together. Pseudo-headers (`:path`, `:method`, `:authority`,
  /// `:scheme`) are headers here.
  public record HeaderMatch(List<HeaderPattern> headers) {
    public HeaderMatch {
      headers = List.copyOf(headers);
    }
  }

  /// A header that must be there with a value of that shape.
  public record HeaderPattern(String name, Pattern pattern) {}

  /// Where a route leads.
  public sealed interface Exit {

    /// The request comes back as the reply.
    record Echo() implements Exit {}

    /// Another HTTP server gets the request.
    ///
    /// @param headers forced on every request
    /// @param checks hold where those of the listener say nothing
    /// @param events replies are event streams, which last no longer than the caller's session
    record Proxy(
        String name,
        String host,
        int port,
        Optional<TlsClient> tls,
        Set<Version> versions,
        List<HeaderTemplate> headers,
        List<RequestCheck> checks,
        boolean events)
        implements Exit {

      /// The same server, as one that sends events.
      Proxy forEvents() {
        return new Proxy(name, host, port, tls, versions, headers, checks, true);
      }

      /// Without checks.
      public Proxy(
          String name,
          String host,
          int port,
          Optional<TlsClient> tls,
          Set<Version> versions,
          List<HeaderTemplate> headers) {
        this(name, host, port, tls, versions, headers, List.of(), false);
      }
    }

    /// The request becomes a WebSocket.
    record WebSockets(WsService service) implements Exit {}

    /// The house itself answers, one room or another.
    sealed interface Answered extends Exit {

      /// The names of the clusters that must be there.
      List<String> clusters();
    }

    /// Topics of a cluster answer.
    record Topics(KafkaMapping mapping) implements Answered {
      @Override
      public List<String> clusters() {
        return mapping.routes().stream().map(it -> it.action().cluster()).distinct().toList();
      }
    }

    /// Topics of a cluster as event streams.
    record Streams(StreamMapping mapping) implements Answered {
      @Override
      public List<String> clusters() {
        return mapping.clusters();
      }
    }

    /// Files answer.
    record Files(FileMapping mapping) implements Answered {
      @Override
      public List<String> clusters() {
        return List.of();
      }
    }

    /// Tenants of event destinations manage what is theirs.
    record Tenants() implements Answered {
      @Override
      public List<String> clusters() {
        return List.of();
      }
    }

    /// Webhooks are taken in.
    record Webhooks(WebhookMapping mapping) implements Answered {
      @Override
      public List<String> clusters() {
        return List.of(mapping.cluster());
      }
    }
  }
}
