package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Glob;
import io.tidegate.config.Http;
import io.tidegate.config.Reference;
import io.tidegate.config.Route;
import io.tidegate.config.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// `sse` server bindings in front of another server's event streams: `sse` client, then `http`
/// client. They fold into routes that hand the stream through.
final class RelayedStreams {
  private final GatewayConfig config;
  private final Faults faults;
  private final BiFunction<Binding, Http, Optional<HttpService.Exit.Proxy>> servers;

  /// @param servers the server behind an `http` client
  RelayedStreams(
      GatewayConfig config,
      Faults faults,
      BiFunction<Binding, Http, Optional<HttpService.Exit.Proxy>> servers) {
    this.config = config;
    this.faults = faults;
    this.servers = servers;
  }

  /// True when the binding leads to another server; noted as a fault when only some of it does.
  boolean isOne(Sse sse, Binding binding) {
    var exits = new ArrayList<Reference>();
    sse.routes().forEach(route -> exits.add(route.exit()));
    binding.exit().ifPresent(exits::add);
    var clients = exits.stream().filter(exit -> config.binding(exit).protocol() instanceof Sse);
    var count = clients.count();
    if (count > 0 && count < exits.size()) {
      faults.notYet(binding.place(), "topics and other servers behind one sse server");
    }
    return count > 0;
  }

  List<HttpService.HttpRoute> routes(
      Sse sse,
      Binding binding,
      List<Guarded> guarded,
      List<HttpService.HeaderMatch> when,
      List<HeaderTemplate> overrides) {
    var routes = new ArrayList<HttpService.HttpRoute>();
    for (var route : sse.routes()) {
      var paths = route.when().stream().map(Sse.Condition::path).toList();
      server(route.exit())
          .ifPresent(server ->
              routes.add(
                  new HttpService.HttpRoute(
                      both(guarded, route), both(when, paths), overrides, server)));
    }
    binding
        .exit()
        .flatMap(this::server)
        .ifPresent(server ->
            routes.add(
                new HttpService.HttpRoute(guarded, both(when, List.of()), overrides, server)));
    return routes;
  }

  private Optional<HttpService.Exit> server(Reference exit) {
    var client = config.binding(exit);
    return client
        .exit()
        .map(config::binding)
        .filter(next -> next.protocol() instanceof Http)
        .flatMap(next -> servers.apply(next, (Http) next.protocol()))
        .map(HttpService.Exit.Proxy::forEvents);
  }

  private static List<Guarded> both(List<Guarded> outer, Route<Sse.Condition, ?> inner) {
    var all = new ArrayList<>(outer);
    all.addAll(KafkaMappings.guarded(inner.guarded()));
    return all;
  }

  /// What both bindings demand: each condition of the one with each path of the other. Only GET
  /// opens a stream.
  private static List<HttpService.HeaderMatch> both(
      List<HttpService.HeaderMatch> outer, List<Optional<Glob>> paths) {
    var matches = new ArrayList<HttpService.HeaderMatch>();
    for (var match : outer.isEmpty() ? List.of(new HttpService.HeaderMatch(List.of())) : outer) {
      for (var path : paths.isEmpty() ? List.of(Optional.<Glob>empty()) : paths) {
        var headers = new ArrayList<>(match.headers());
        headers.add(new HttpService.HeaderPattern(":method", Pattern.of("GET")));
        path.ifPresent(
            it -> headers.add(new HttpService.HeaderPattern(":path", Pattern.of(it.text()))));
        matches.add(new HttpService.HeaderMatch(headers));
      }
    }
    return matches;
  }
}
