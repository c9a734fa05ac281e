package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Glob;
import io.tidegate.config.Http;
import io.tidegate.config.Protocol;
import io.tidegate.config.Reference;
import io.tidegate.config.Ws;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// `ws` server bindings with what is behind them: an echo, or a `ws` client of an `http` client.
final class WsServices {
  private final GatewayConfig config;
  private final Faults faults;
  private final BiFunction<Binding, Http, Optional<HttpService.Exit.Proxy>> clients;

  /// @param clients how an `http` client binding is reached
  WsServices(
      GatewayConfig config,
      Faults faults,
      BiFunction<Binding, Http, Optional<HttpService.Exit.Proxy>> clients) {
    this.config = config;
    this.faults = faults;
    this.clients = clients;
  }

  WsService service(Binding binding, Ws ws) {
    var routes = new ArrayList<WsService.Route>();
    for (var route : ws.routes()) {
      target(route.exit())
          .ifPresent(target ->
              routes.add(
                  new WsService.Route(
                      KafkaMappings.guarded(route.guarded()),
                      route.when().stream().map(WsServices::match).toList(),
                      target)));
    }
    binding
        .exit()
        .flatMap(this::target)
        .ifPresent(target -> routes.add(new WsService.Route(List.of(), List.of(), target)));
    return new WsService(binding.namespace() + ":" + binding.name(), routes);
  }

  private static WsService.Match match(Ws.Address when) {
    return new WsService.Match(
        when.protocol(), pattern(when.scheme()), pattern(when.authority()), pattern(when.path()));
  }

  private static Optional<Pattern> pattern(Optional<Glob> glob) {
    return glob.map(it -> Pattern.of(it.text()));
  }

  private Optional<WsService.Target> target(Reference exit) {
    var binding = config.binding(exit);
    if (binding.protocol() instanceof Protocol.Echo) {
      return Optional.of(new WsService.Target.Echo());
    }
    if (binding.protocol() instanceof Ws client && binding.kind() == Binding.Kind.CLIENT) {
      return server(binding, client);
    }
    faults.notYet(exit.place(), "a ws server in front of '" + binding.typeAndKind() + "'");
    return Optional.empty();
  }

  private boolean reachable(Binding client, HttpService.Exit.Proxy server) {
    var name = server.tls().flatMap(TlsClient::serverName).orElse(server.host());
    if (!name.equals(server.host())) {
      faults.notYet(client.place(), "a ws client whose 'sni' is not the host it connects to");
      return false;
    }
    return true;
  }

  private Optional<WsService.Target> server(Binding binding, Ws client) {
    if (!client.routes().isEmpty()) {
      faults.notYet(client.routes().getFirst().place(), "routes of a ws client");
    }
    return binding
        .exit()
        .map(config::binding)
        .filter(next -> next.protocol() instanceof Http)
        .flatMap(next -> clients.apply(next, (Http) next.protocol()))
        .filter(server -> reachable(binding, server))
        .map(server -> new WsService.Target.Server(server, client.defaults().protocol()));
  }
}
