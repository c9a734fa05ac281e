package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Http;
import io.tidegate.config.Tcp;
import io.tidegate.config.Tls;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// `tls` bindings, made ready: of servers, in front of what a listener speaks, and of clients.
final class TlsBindings {
  private static final List<String> HTTP = List.of("h2", "http/1.1");

  private final GatewayConfig config;
  private final Faults faults;
  private final Vaults vaults;

  TlsBindings(GatewayConfig config, Faults faults) {
    this.config = config;
    this.faults = faults;
    this.vaults = new Vaults(config, faults);
  }

  /// The one binding that all routes of a tls or proxy server lead to.
  Optional<Binding> behind(Binding binding) {
    var exits = binding.exits().stream().map(config::binding).distinct().toList();
    if (exits.size() > 1) {
      faults.notYet(
          binding.place(),
          "a " + binding.typeAndKind() + " whose routes lead to different bindings");
      return Optional.empty();
    }
    return exits.stream().findFirst();
  }

  /// Empty when it cannot run; the fault is noted.
  Optional<TlsServer> server(Binding binding, Tls tls, Binding behind) {
    var options = tls.options();
    if (!options.signers().isEmpty()) {
      faults.notYet(options.place(), "making certificates with 'signers'");
      return Optional.empty();
    }
    var trust = vaults.trust(tls);
    return vaults
        .keys(tls)
        .map(keys ->
            new TlsServer(
                binding.namespace() + ":" + binding.name(),
                versions(options),
                keys,
                trust,
                options.trustcacerts().orElse(false),
                certificate(options),
                options.sni().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
                protocols(options, behind),
                options.authorization().map(Templates::name),
                routes(binding, tls)));
  }

  Optional<TlsClient> client(Binding binding, Tls tls) {
    var options = tls.options();
    if (!tls.routes().isEmpty()) {
      faults.notYet(tls.routes().getFirst().place(), "routes of a tls client");
    }
    if (options.sni().size() > 1 || options.keys().size() > 1 || !options.signers().isEmpty()) {
      faults.notYet(options.place(), "more than one 'sni' or certificate of a tls client");
    }
    var next = binding.exit().map(config::binding).map(Binding::protocol);
    if (next.isPresent() && !(next.get() instanceof Tcp)) {
      faults.notYet(binding.place(), "a tls client without a tcp client behind it");
    }
    var trust = vaults.trust(tls);
    return Optional.of(
        new TlsClient(
            versions(options),
            trust,
            options.trustcacerts().orElse(options.trust().isEmpty()),
            vaults.keys(tls),
            options.sni().stream().findFirst(),
            options.alpn()));
  }

  private Set<TlsServer.Version> versions(Tls.Options options) {
    if (options.version().isEmpty()) {
      return TlsServer.Version.all();
    }
    var wanted = options.version().get();
    var found = EnumSet.noneOf(TlsServer.Version.class);
    for (var version : TlsServer.Version.values()) {
      if (version.toString().equalsIgnoreCase(wanted)) {
        found.add(version);
      }
    }
    if (found.isEmpty()) {
      faults.add(
          Fault.of(
              options.place(), "version '" + wanted + "' is not spoken", "TLSv1.2 or TLSv1.3"));
      return TlsServer.Version.all();
    }
    return found;
  }

  private TlsServer.ClientCertificate certificate(Tls.Options options) {
    boolean trusts = !options.trust().isEmpty() || options.trustcacerts().orElse(false);
    var mutual = options.mutual().orElse(trusts ? Tls.Mutual.REQUIRED : Tls.Mutual.NONE);
    if (mutual != Tls.Mutual.NONE && !trusts) {
      faults.add(
          Fault.of(
              options.place(),
              "asks for certificates but accepts nobody's",
              "'trust', or 'trustcacerts: true'"));
    }
    return switch (mutual) {
      case NONE -> TlsServer.ClientCertificate.NONE;
      case REQUESTED -> TlsServer.ClientCertificate.REQUESTED;
      case REQUIRED -> TlsServer.ClientCertificate.REQUIRED;
    };
  }

  /// What the file says, as far as the binding behind speaks it.
  private List<String> protocols(Tls.Options options, Binding behind) {
    if (!(behind.protocol() instanceof Http http)) {
      return options.alpn();
    }
    var wanted = options.alpn().isEmpty() ? HTTP : options.alpn();
    var spoken = new ArrayList<>(wanted);
    spoken.removeIf(protocol ->
        switch (protocol) {
          case "h2" -> !http.options().versions().contains(Http.Version.H2);
          case "http/1.1" -> !http.options().versions().contains(Http.Version.HTTP_1_1);
          default -> true;
        });
    if (spoken.isEmpty()) {
      faults.add(
          Fault.of(
              options.place(),
              "'" + behind.name() + "' speaks none of the protocols in 'alpn'",
              "h2 or http/1.1, as in its 'versions'"));
    }
    return spoken;
  }

  private List<TlsServer.Route> routes(Binding binding, Tls tls) {
    var routes = new ArrayList<TlsServer.Route>();
    for (var route : tls.routes()) {
      routes.add(
          new TlsServer.Route(
              KafkaMappings.guarded(route.guarded()),
              route.when().stream().map(this::match).toList()));
    }
    if (binding.exit().isPresent()) {
      routes.add(new TlsServer.Route(List.of(), List.of()));
    }
    return routes;
  }

  private TlsServer.Match match(Tls.Condition when) {
    if (!when.trust().isEmpty() || when.mutual().isPresent()) {
      faults.notYet(when.place(), "routing by 'trust' or 'mutual'");
    }
    return new TlsServer.Match(
        when.authority().map(it -> Pattern.of(it.text().toLowerCase(Locale.ROOT))),
        when.alpn(),
        Planner.ports(when.ports(), faults));
  }
}
