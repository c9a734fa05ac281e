package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Guard;
import io.tidegate.config.Http;
import io.tidegate.config.KafkaHttp;
import io.tidegate.config.Reference;
import io.tidegate.config.Route;
import io.tidegate.config.Tcp;
import io.tidegate.config.Tls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `http client` bindings as ways out for requests whose target is named by what is sent: `http
/// client (→ tls client) → tcp client`.
final class Outbounds {
  private final GatewayConfig config;
  private final TlsBindings secure;
  private final Faults faults;
  private final List<Binding> checked = new ArrayList<>();

  Outbounds(GatewayConfig config, TlsBindings secure, Faults faults) {
    this.config = config;
    this.secure = secure;
    this.faults = faults;
  }

  /// Empty when it cannot run; the fault is noted.
  Optional<OutboundHttp> of(Route<?, Optional<KafkaHttp.With>> route, KafkaHttp.Options options) {
    var outbound = of(route.exit(), options.allow(), options.deny(), options.proxy());
    var named = route.with().flatMap(KafkaHttp.With::authority).isPresent();
    if (outbound.isPresent() && !named && outbound.get().wouldGiveAway()) {
      faults.add(
          Fault.of(
              route.place(),
              "the credentials of '"
                  + route.exit().name()
                  + "' would go to any server that a"
                  + " record names",
              "'with' and an 'authority', or a tcp client with 'host' and 'port'"));
    }
    return outbound;
  }

  /// The same for who sees to it that credentials are given to nobody.
  ///
  /// @param allow what may be connected to besides public addresses, but for `deny`
  Optional<OutboundHttp> of(
      Reference exit,
      List<KafkaHttp.Network> allow,
      List<KafkaHttp.Network> deny,
      Optional<KafkaHttp.Server> proxy) {
    var binding = config.binding(exit);
    if (!(binding.protocol() instanceof Http client) || binding.kind() != Binding.Kind.CLIENT) {
      return Optional.empty(); // refused by the table of exits already
    }
    var first = !checked.contains(binding);
    checked.add(binding);
    if (first) {
      check(client);
    }
    var next = binding.exit().map(config::binding);
    var tls = Optional.<TlsClient>empty();
    var secured = next.filter(it -> it.protocol() instanceof Tls);
    if (secured.isPresent()) {
      tls = secure.client(secured.get(), (Tls) secured.get().protocol());
      next = secured.get().exit().map(config::binding);
    }
    if (next.isEmpty() || !(next.get().protocol() instanceof Tcp tcp)) {
      faults.notYet(binding.place(), "an http client without a tcp client behind it");
      return Optional.empty();
    }
    if (first) {
      check(tcp, secured);
    }
    return Optional.of(outbound(binding, client, tls, tcp, addresses(tcp, allow, deny), proxy));
  }

  private OutboundHttp outbound(
      Binding binding,
      Http client,
      Optional<TlsClient> tls,
      Tcp tcp,
      OutboundHttp.Addresses addresses,
      Optional<KafkaHttp.Server> proxy) {
    return new OutboundHttp(
        binding.namespace() + ":" + binding.name(),
        fixed(tcp),
        tls,
        HttpServices.versions(client.options().versions()),
        Templates.literalHeaders(client.options().overrides()),
        client.options().authorization().flatMap(this::authorization),
        addresses,
        proxy.map(it -> new OutboundHttp.ProxyServer(it.host(), it.port())));
  }

  private static Optional<OutboundHttp.Fixed> fixed(Tcp tcp) {
    var ports = tcp.options().ports();
    return tcp.options()
        .host()
        .filter(_ -> !ports.isEmpty())
        .map(host -> new OutboundHttp.Fixed(host, ports.getFirst().first()));
  }

  /// The one server that the file names is allowed by that.
  private static OutboundHttp.Addresses addresses(
      Tcp tcp, List<KafkaHttp.Network> allow, List<KafkaHttp.Network> deny) {
    var allowed = new ArrayList<>(texts(allow));
    fixed(tcp)
        .map(OutboundHttp.Fixed::host)
        .filter(host -> !allowed.contains(host))
        .ifPresent(allowed::add);
    return new OutboundHttp.Addresses(allowed, texts(deny));
  }

  private static List<String> texts(List<KafkaHttp.Network> networks) {
    return networks.stream().map(KafkaHttp.Network::text).toList();
  }

  private void check(Http client) {
    if (!client.routes().isEmpty()) {
      faults.notYet(client.routes().getFirst().place(), "routes of an http client");
    }
    if (!client.options().requests().isEmpty()) {
      faults.notYet(
          client.options().requests().getFirst().place(), "the validation of what is sent");
    }
    client.options().authorization().ifPresent(this::check);
  }

  private void check(Http.Authorization authorization) {
    if (!authorization.query().isEmpty() || !authorization.cookies().isEmpty()) {
      faults.notYet(authorization.place(), "sending credentials in a query or a cookie");
    } else if (authorization.headers().isEmpty()) {
      faults.add(
          Fault.of(
              authorization.place(),
              "says nowhere where the credentials go",
              "'headers' with a pattern such as \"Bearer {credentials}\""));
    } else if (authorization.headers().size() > 1) {
      faults.notYet(authorization.place(), "credentials in more than one header");
    }
    if (!holdsCredentials(config.guard(authorization.guard()))) {
      faults.add(
          Fault.of(
              authorization.place(),
              "guard '" + authorization.guard().name() + "' holds no credentials of its own",
              "an inline guard, or one of type oauth2"));
    }
  }

  private static boolean holdsCredentials(Guard guard) {
    return switch (guard) {
      case Guard.Inline _, Guard.OAuth2 _ -> true;
      case Guard.Jwt _, Guard.X509 _ -> false;
    };
  }

  private void check(Tcp tcp, Optional<Binding> secured) {
    var target = tcp.options();
    if (target.host().isPresent() != !target.ports().isEmpty()) {
      faults.add(
          Fault.of(
              target.place(),
              "has only half of an address",
              "'host' and 'port' to send everything there, or neither, to go where records say"));
    }
    if (target.host().isEmpty() && secured.isPresent()) {
      var options = ((Tls) secured.get().protocol()).options();
      if (!options.sni().isEmpty()) {
        faults.add(
            Fault.of(
                options.place(),
                "one name in 'sni' for servers that records name",
                "no 'sni', or a tcp client with 'host' and 'port'"));
      }
    }
  }

  private Optional<OutboundHttp.Authorization> authorization(Http.Authorization from) {
    return from.headers().entrySet().stream()
        .findFirst()
        .map(header ->
            new OutboundHttp.Authorization(
                Templates.name(from.guard()), header.getKey(), header.getValue()));
  }
}
