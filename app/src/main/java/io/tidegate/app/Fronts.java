package io.tidegate.app;

import io.tidegate.admin.AdminRouter;
import io.tidegate.base.Time;
import io.tidegate.bridge.LiveStreams;
import io.tidegate.bridge.StreamsRouter;
import io.tidegate.bridge.TopicsRouter;
import io.tidegate.edge.Backends;
import io.tidegate.edge.BindFailure;
import io.tidegate.edge.EchoListener;
import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.HttpListener;
import io.tidegate.edge.OutboundCalls;
import io.tidegate.files.FileWorkers;
import io.tidegate.files.FilesRouter;
import io.tidegate.http.Client;
import io.tidegate.http.Problem;
import io.tidegate.http.Router;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.Listener;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Plan;
import io.tidegate.plan.Telemetry;
import io.tidegate.vault.VaultFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/// Listeners as parts, and the event loops that they share. A running listener adopts other routes,
/// guards and clusters with its connections open; another address makes it start anew.
final class Fronts implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Clusters clusters;
  private final GuardParts guards;
  private final Reporting reporting;
  private final LiveStreams streams;
  private final ExecutorService fileWorkers = FileWorkers.open();
  private final Inboxes inboxes;
  private final Router tenants;
  private final Edge edge = Edge.open(EdgeLimits.defaults());
  private final Map<String, Supplier<List<Integer>>> ports = new ConcurrentHashMap<>();

  /// @param tenants answers tenants of event destinations
  Fronts(
      Clusters clusters, Inboxes inboxes, Router tenants, GuardParts guards, Reporting reporting) {
    this.clusters = clusters;
    this.tenants = tenants;
    this.inboxes = inboxes;
    this.guards = guards;
    this.reporting = reporting;
    this.streams = new LiveStreams(Time.system(), reporting.metrics());
  }

  /// What a listener is made from.
  private record Spec(Listener listener, Telemetry telemetry) {}

  Part listener(Plan plan, Listener listener) {
    var spec = new Spec(listener, plan.telemetry());
    var id = "listener " + listener.name();
    var needs = new ArrayList<>(needs(listener));
    needs.add(Reporting.PART);
    plan.guards().forEach(guard -> needs.add(GuardParts.partId(guard.name())));
    return new Part(id, spec, needs, () -> start(spec));
  }

  /// The ids of the parts that its routes reach.
  private static List<String> needs(Listener listener) {
    var needs = new ArrayList<String>();
    if (listener.service() instanceof Listener.Service.Http(var http)) {
      for (var route : http.routes()) {
        if (route.exit() instanceof HttpService.Exit.Answered house) {
          house.clusters().forEach(cluster -> needs.add(Clusters.partId(cluster)));
          if (house instanceof HttpService.Exit.Webhooks(var mapping)) {
            needs.add(Inboxes.partId(mapping));
          }
        }
      }
    }
    return needs.stream().distinct().toList();
  }

  private Part.Running start(Spec spec) {
    try {
      return switch (spec.listener.service()) {
        case Listener.Service.Echo _ -> new Echo(spec);
        case Listener.Service.Http(var http) -> new Http(spec, http);
      };
    } catch (BindFailure | VaultFault failure) {
      throw new UserFault(failure);
    }
  }

  /// A listener of ours with one router for everything.
  Part page(String name, Settings.Address address, Router router) {
    return new Part(
        name,
        address,
        List.of(),
        () -> {
          try {
            var listener = HttpListener.start(edge, name, address.host(), address.port(), router);
            ports.put(name, listener::ports);
            return () -> {
              ports.remove(name);
              listener.close();
            };
          } catch (BindFailure failure) {
            throw new UserFault(failure);
          }
        });
  }

  /// The metrics alone, where a `prometheus` exporter wants them.
  Part metricsPage(Telemetry.Endpoint endpoint, AdminRouter admin) {
    Router router =
        head -> {
          if (!head.path().equals(endpoint.path())) {
            throw Problem.of(404, "not_found", "no such page").refuse();
          }
          return admin.metricsPage(head);
        };
    var address = new Settings.Address(endpoint.host(), endpoint.port());
    return page("metrics " + endpoint.name() + " " + endpoint.path(), address, router);
  }

  /// A client for a way out. It is the caller's to close.
  Client dial(OutboundHttp way) {
    return OutboundCalls.open(edge, way);
  }

  List<Integer> ports(String name) {
    return ports.getOrDefault(name, List::of).get();
  }

  @Override
  public void close() {
    edge.close();
    fileWorkers.shutdownNow();
  }

  private Backends backends(Spec spec, HttpService http) {
    var name = spec.listener.name();
    return new Backends(
        this::router,
        guards.guards(),
        reporting.log(name, http, spec.telemetry),
        reporting.tracing(name));
  }

  private Router router(HttpService.Exit.Answered exit) {
    return switch (exit) {
      case HttpService.Exit.Topics(var mapping) ->
          new TopicsRouter(mapping, clusters::of, Time.system());
      case HttpService.Exit.Streams(var mapping) ->
          new StreamsRouter(mapping, clusters::of, streams, guards::challenge, Time.system());
      case HttpService.Exit.Files(var mapping) -> new FilesRouter(mapping, fileWorkers);
      case HttpService.Exit.Tenants() -> tenants;
      case HttpService.Exit.Webhooks(var mapping) -> inboxes.of(mapping).router();
    };
  }

  /// An HTTP listener at work.
  private final class Http implements Part.Running {
    private final Listener planned;
    private final HttpListener listener;

    Http(Spec spec, HttpService http) {
      this.planned = spec.listener;
      this.listener = HttpListener.start(edge, planned, backends(spec, http));
      ports.put(planned.name(), listener::ports);
    }

    @Override
    public boolean canAdopt(Part next) {
      return next.spec() instanceof Spec spec
          && spec.listener.host().equals(planned.host())
          && spec.listener.ports().equals(planned.ports())
          && spec.listener.service() instanceof Listener.Service.Http(var http)
          && planned.service() instanceof Listener.Service.Http(var present)
          && http.versions().equals(present.versions())
          && spec.listener.proxied() == planned.proxied()
          && spec.listener.tls().isPresent() == planned.tls().isPresent();
    }

    @Override
    public void adopt(Part next) {
      var spec = (Spec) next.spec();
      if (!(spec.listener.service() instanceof Listener.Service.Http(var http))) {
        throw new IllegalStateException(spec.listener.name() + " no longer speaks HTTP");
      }
      try {
        listener.update(spec.listener, backends(spec, http));
      } catch (VaultFault fault) {
        throw new UserFault(fault);
      }
    }

    @Override
    public void stop() {
      ports.remove(planned.name());
      listener.drain(DRAIN);
    }
  }

  /// A raw echo at work.
  private final class Echo implements Part.Running {
    private final EchoListener listener;
    private final String name;

    Echo(Spec spec) {
      this.name = spec.listener.name();
      this.listener = EchoListener.start(edge, spec.listener, guards.guards());
      ports.put(name, listener::ports);
    }

    @Override
    public void stop() {
      ports.remove(name);
      listener.close();
    }
  }
}
