package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.EventDestinations;
import io.tidegate.config.Fault;
import io.tidegate.config.FaultReport;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.KafkaHttp;
import io.tidegate.config.Protocol;
import io.tidegate.config.ProxyProtocol;
import io.tidegate.config.Tcp;
import io.tidegate.config.Tls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Turns a checked configuration into what will run: every chain of bindings that begins at a socket
/// is followed to its end and folded.
///
///     tcp server (→ proxy server) (→ tls server) → http server   becomes a Listener
///     http routes → http-kafka routes    become its route table
///     http routes → sse → sse-kafka      become event streams in it
///     kafka-http → http client (→ tls client) → tcp client   becomes a Pump
///     event-destinations → the same                          becomes Destinations
///     cache_client → cache_server → client (→ tls) (→ tcp)   become a Cluster
///
/// A pure function: the same configuration makes the same plan, and nothing is touched. Schemas that
/// the configuration names are read with it.
public final class Planner {
  private final GatewayConfig config;
  private final Faults faults = new Faults();
  private final Topics topics = new Topics();
  private final Clusters clusters;
  private final TlsBindings secure;
  private final HttpServices https;
  private final Pumps pumps;
  private final DestinationsBindings destinations;

  private Planner(GatewayConfig config, WebhookMapping.Check check, Pump.Check signing) {
    this.config = config;
    this.clusters = new Clusters(config, faults);
    this.secure = new TlsBindings(config, faults);
    this.https =
        new HttpServices(
            config,
            faults,
            new KafkaMappings(clusters, topics),
            new StreamMappings(config, faults, clusters, topics),
            new WebhookMappings(clusters, topics, faults, check),
            secure);
    var outbounds = new Outbounds(config, secure, faults);
    this.pumps = new Pumps(clusters, topics, outbounds, faults, signing);
    this.destinations = new DestinationsBindings(clusters, topics, outbounds, faults);
  }

  /// @return the plan, or everything that keeps it from running
  public static Planned plan(GatewayConfig config) {
    return plan(config, WebhookMapping.Check.NOTHING, Pump.Check.NOTHING);
  }

  /// @param check of endpoints; what it finds is reported with the place in the file
  /// @param signing the same for rules by which requests are signed
  public static Planned plan(GatewayConfig config, WebhookMapping.Check check, Pump.Check signing) {
    return new Planner(config, check, signing).plan();
  }

  private Planned plan() {
    var listeners = new ArrayList<Listener>();
    var models = new ArrayList<TopicModel>();
    var pumping = new ArrayList<Pump>();
    var forTenants = new ArrayList<Binding>();
    var modelled = new TopicModels(config, faults, clusters);
    for (var namespace : config.namespaces()) {
      namespace.bindings().values().forEach(clusters::declareLive);
    }
    for (var namespace : config.namespaces()) {
      for (var binding : namespace.bindings().values()) {
        Unsupported.check(binding, faults);
        if (binding.protocol() instanceof Tcp tcp && binding.kind() == Binding.Kind.SERVER) {
          listeners.addAll(listeners(binding, tcp));
        }
        if (binding.protocol() instanceof KafkaHttp kafka) {
          pumps.pump(binding, kafka).ifPresent(pumping::add);
        }
        if (binding.protocol() instanceof EventDestinations events) {
          destinations.add(binding, events);
        }
        if (binding.protocol() instanceof Protocol.TenantApi) {
          forTenants.add(binding);
        }
        clusters.declare(binding, topics);
        models.addAll(modelled.of(binding));
      }
    }
    if (faults.isEmpty() && destinations.planned().isEmpty()) {
      forTenants.forEach(binding ->
          faults.add(
              Fault.of(
                  binding.place(),
                  "there are no tenants to serve",
                  "a binding of type event-destinations")));
    }
    clusters.markLive(topics);
    pumps.checkLoops();
    var guards = Guards.of(config);
    var telemetry = Reports.of(config, faults);
    rejectSharedPorts(listeners);
    return faults.isEmpty()
        ? new Planned.Ok(
            new Plan(
                listeners,
                clusters.all(),
                topics.all(),
                models,
                guards,
                pumping,
                destinations.planned(),
                telemetry))
        : new Planned.Refused(new FaultReport(faults.all(), List.of()));
  }

  /// One for the binding's own exit, and one for each route that leads ports elsewhere.
  private List<Listener> listeners(Binding binding, Tcp tcp) {
    var host = tcp.options().host().orElse("127.0.0.1");
    var left = new ArrayList<>(ports(tcp.options().ports(), faults));
    var listeners = new ArrayList<Listener>();
    int number = 0;
    for (var route : tcp.routes()) {
      var taken = new ArrayList<Integer>();
      for (var when : route.when()) {
        when.authority().ifPresent(it -> faults.notYet(it.place(), "routing by authority"));
        when.cidr().ifPresent(_ -> faults.notYet(when.place(), "routing by cidr"));
        taken.addAll(ports(when.ports(), faults));
      }
      var ports = route.when().isEmpty() ? List.copyOf(left) : taken;
      left.removeAll(ports);
      listener(binding, "." + number++, host, ports, config.binding(route.exit()), listeners);
    }
    binding
        .exit()
        .ifPresent(exit -> listener(binding, "", host, left, config.binding(exit), listeners));
    return listeners;
  }

  private void listener(
      Binding binding,
      String suffix,
      String host,
      List<Integer> ports,
      Binding exit,
      List<Listener> listeners) {
    if (ports.isEmpty()) {
      return;
    }
    var name = binding.namespace() + ":" + binding.name() + suffix;
    boolean proxied =
        exit.protocol() instanceof ProxyProtocol && exit.kind() == Binding.Kind.SERVER;
    (proxied ? secure.behind(exit) : Optional.of(exit))
        .ifPresent(inner -> listener(new Socket(name, host, ports, proxied), inner, listeners));
  }

  /// What a listener is, but for what is spoken on it.
  private record Socket(String name, String host, List<Integer> ports, boolean proxied) {
    Listener with(Optional<TlsServer> tls, Listener.Service service) {
      return new Listener(name, host, ports, proxied, tls, service);
    }
  }

  private void listener(Socket socket, Binding exit, List<Listener> listeners) {
    if (exit.protocol() instanceof Tls tls && exit.kind() == Binding.Kind.SERVER) {
      var behind = secure.behind(exit);
      var secured = behind.flatMap(inner -> secure.server(exit, tls, inner));
      if (secured.isPresent()) {
        behind
            .flatMap(https::service)
            .ifPresent(service -> listeners.add(socket.with(secured, service)));
      }
    } else {
      https
          .service(exit)
          .ifPresent(service -> listeners.add(socket.with(Optional.empty(), service)));
    }
  }

  static List<Integer> ports(List<Tcp.Ports> ranges, Faults faults) {
    var ports = new ArrayList<Integer>();
    for (var range : ranges) {
      if (range.last() - range.first() >= 1000) {
        faults.add(Fault.of(range.place(), "more than 1000 ports"));
        continue;
      }
      for (int port = range.first(); port <= range.last(); port++) {
        ports.add(port);
      }
    }
    return ports;
  }

  private void rejectSharedPorts(List<Listener> listeners) {
    var owners = new HashMap<String, String>();
    for (var listener : listeners) {
      for (var port : listener.ports()) {
        var owner = port == 0 ? null : owners.put(listener.host() + ":" + port, listener.name());
        if (owner != null) {
          faults.add(
              Fault.of(
                  place(listener.name()),
                  "port " + port + " of " + listener.host() + " is taken by " + owner,
                  "a port of its own"));
        }
      }
    }
  }

  private io.tidegate.config.Place place(String listener) {
    return config.namespaces().stream()
        .flatMap(namespace -> namespace.bindings().values().stream())
        .filter(binding -> listener.startsWith(binding.namespace() + ":" + binding.name()))
        .findFirst()
        .orElseThrow()
        .place();
  }
}
