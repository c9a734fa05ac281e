package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Guard;
import io.tidegate.config.Http;
import io.tidegate.config.HttpFilesystem;
import io.tidegate.config.HttpKafka;
import io.tidegate.config.Protocol;
import io.tidegate.config.ProxyProtocol;
import io.tidegate.config.Reference;
import io.tidegate.config.Sse;
import io.tidegate.config.Tcp;
import io.tidegate.config.Tls;
import io.tidegate.config.WebhookKafka;
import io.tidegate.config.Ws;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is behind a socket: `http` server bindings with their routes, or an echo.
final class HttpServices {
  private final GatewayConfig config;
  private final Faults faults;
  private final KafkaMappings mappings;
  private final StreamMappings streams;
  private final TlsBindings secure;
  private final FileMappings files;
  private final WebhookMappings webhooks;
  private final RequestChecks checks;
  private final RelayedStreams relayed;

  HttpServices(
      GatewayConfig config,
      Faults faults,
      KafkaMappings mappings,
      StreamMappings streams,
      WebhookMappings webhooks,
      TlsBindings secure) {
    this.config = config;
    this.faults = faults;
    this.mappings = mappings;
    this.streams = streams;
    this.secure = secure;
    this.webhooks = webhooks;
    this.files = new FileMappings(config, faults);
    this.checks = new RequestChecks(config, faults);
    this.relayed = new RelayedStreams(config, faults, this::proxy);
  }

  /// Empty when it cannot run; the fault is noted.
  Optional<Listener.Service> service(Binding binding) {
    return switch (binding.protocol()) {
      case Http http when binding.kind() == Binding.Kind.SERVER ->
          Optional.of(new Listener.Service.Http(http(binding, http)));
      case Protocol.Echo _ -> Optional.of(new Listener.Service.Echo());
      case Tcp _, Tls _, ProxyProtocol _ when binding.kind() != Binding.Kind.PROXY -> {
        faults.notYet(binding.place(), "a listener in front of '" + binding.typeAndKind() + "'");
        yield Optional.empty();
      }
      default -> Optional.empty(); // refused by name already, see Unsupported
    };
  }

  private HttpService http(Binding binding, Http http) {
    var routes = new ArrayList<HttpService.HttpRoute>();
    for (var route : http.routes()) {
      var when = route.when().stream().map(HttpServices::match).toList();
      var overrides =
          route.with().map(with -> Templates.headers(with.overrides())).orElse(List.of());
      var guarded = KafkaMappings.guarded(route.guarded());
      routes.addAll(routes(route.exit(), guarded, when, overrides));
    }
    binding.exit().ifPresent(exit -> routes.addAll(routes(exit, List.of(), List.of(), List.of())));
    return new HttpService(
        binding.namespace() + ":" + binding.name(),
        versions(http.options().versions()),
        accessControl(http.options().accessControl()),
        http.options().authorization().map(this::authorization),
        routes,
        checks.of(http));
  }

  private List<HttpService.HttpRoute> routes(
      Reference exit,
      List<Guarded> guarded,
      List<HttpService.HeaderMatch> when,
      List<HeaderTemplate> overrides) {
    var binding = config.binding(exit);
    if (binding.protocol() instanceof Sse sse
        && binding.kind() == Binding.Kind.SERVER
        && relayed.isOne(sse, binding)) {
      return relayed.routes(sse, binding, guarded, when, overrides);
    }
    return exit(exit)
        .map(it -> List.of(new HttpService.HttpRoute(guarded, when, overrides, it)))
        .orElse(List.of());
  }

  private static HttpService.HeaderMatch match(Http.Condition condition) {
    var headers = new ArrayList<HttpService.HeaderPattern>();
    condition
        .headers()
        .forEach((name, glob) ->
            headers.add(new HttpService.HeaderPattern(name, Pattern.of(glob.text()))));
    return new HttpService.HeaderMatch(headers);
  }

  private Optional<HttpService.Exit> exit(Reference reference) {
    var binding = config.binding(reference);
    return switch (binding.protocol()) {
      case Protocol.Echo _ -> Optional.of(new HttpService.Exit.Echo());
      case Protocol.TenantApi _ -> Optional.of(new HttpService.Exit.Tenants());
      case HttpKafka mapping ->
          Optional.of(new HttpService.Exit.Topics(mappings.mapping(binding, mapping)));
      case Sse sse when binding.kind() == Binding.Kind.SERVER ->
          Optional.of(new HttpService.Exit.Streams(streams.mapping(binding, sse)));
      case HttpFilesystem mapping ->
          Optional.of(new HttpService.Exit.Files(files.mapping(binding, mapping)));
      case WebhookKafka inbound ->
          Optional.of(new HttpService.Exit.Webhooks(webhooks.mapping(binding, inbound)));
      case Http client when binding.kind() == Binding.Kind.CLIENT ->
          proxy(binding, client).map(HttpService.Exit.class::cast);
      case Ws ws when binding.kind() == Binding.Kind.SERVER ->
          Optional.of(
              new HttpService.Exit.WebSockets(
                  new WsServices(config, faults, this::proxy).service(binding, ws)));
      default -> Optional.empty(); // refused by name already, see Unsupported
    };
  }

  private Optional<HttpService.Exit.Proxy> proxy(Binding binding, Http client) {
    if (!client.routes().isEmpty()) {
      faults.notYet(client.routes().getFirst().place(), "routes of an http client");
    }
    client
        .options()
        .authorization()
        .ifPresent(it -> faults.notYet(it.place(), "credentials for requests that are passed on"));
    var next = binding.exit().map(config::binding);
    var tls = Optional.<TlsClient>empty();
    if (next.isPresent() && next.get().protocol() instanceof Tls secured) {
      tls = secure.client(next.get(), secured);
      next = next.get().exit().map(config::binding);
    }
    if (next.isEmpty() || !(next.get().protocol() instanceof Tcp tcp)) {
      faults.notYet(binding.place(), "an http client without a tcp client behind it");
      return Optional.empty();
    }
    var target = tcp.options();
    if (target.host().isEmpty() || target.ports().isEmpty()) {
      faults.add(
          Fault.of(
              target.place(), "the http client has nowhere to connect to", "'host' and 'port'"));
      return Optional.empty();
    }
    return Optional.of(
        new HttpService.Exit.Proxy(
            binding.namespace() + ":" + binding.name(),
            target.host().get(),
            target.ports().getFirst().first(),
            tls,
            versions(client.options().versions()),
            Templates.literalHeaders(client.options().overrides()),
            checks.of(client),
            false));
  }

  static Set<HttpService.Version> versions(Set<Http.Version> versions) {
    var spoken = EnumSet.noneOf(HttpService.Version.class);
    for (var version : versions) {
      spoken.add(
          switch (version) {
            case HTTP_1_1 -> HttpService.Version.HTTP_1_1;
            case H2 -> HttpService.Version.HTTP_2;
          });
    }
    return spoken;
  }

  private static HttpService.AccessControl accessControl(Http.AccessControl access) {
    return switch (access) {
      case Http.AccessControl.SameOrigin _ -> new HttpService.AccessControl.SameOrigin();
      case Http.AccessControl.CrossOrigin cross ->
          new HttpService.AccessControl.CrossOrigin(
              cross.allow().origins(),
              cross.allow().methods(),
              cross.allow().headers(),
              cross.allow().credentials(),
              cross.maxAge(),
              cross.exposed());
    };
  }

  private HttpService.Authorization authorization(Http.Authorization from) {
    if (config.guard(from.guard()) instanceof Guard.OAuth2) {
      faults.add(
          Fault.of(
              from.place(),
              "guard '" + from.guard().name() + "' gives credentials and judges none",
              "a guard of type jwt, inline or x509"));
    }
    return new HttpService.Authorization(
        Templates.name(from.guard()),
        first(from.cookies()),
        first(from.headers()),
        first(from.query()));
  }

  /// As in the model, the first of each kind counts.
  private static Optional<HttpService.CredentialsAt> first(Map<String, String> named) {
    return named.entrySet().stream()
        .findFirst()
        .map(entry -> new HttpService.CredentialsAt(entry.getKey(), entry.getValue()));
  }
}
