package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.inbox.Endpoints;
import io.tidegate.inbox.Inbox;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Plan;
import io.tidegate.plan.WebhookMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Webhook bindings as parts. A running one adopts whatever its options say; on another cluster it
/// starts anew. It stops after the listeners in front of it, and before the cluster behind it, so
/// that what it holds in memory can still be stored.
final class Inboxes {
  private final Clusters clusters;
  private final Function<WebhookMapping, Endpoints> registries;
  private final MeterRegistry metrics;
  private final Map<String, Inbox> running = new ConcurrentHashMap<>();

  /// @param registries the endpoints made at run time, for a binding
  Inboxes(
      Clusters clusters, Function<WebhookMapping, Endpoints> registries, MeterRegistry metrics) {
    this.clusters = clusters;
    this.registries = registries;
    this.metrics = metrics;
  }

  /// What an inbox is made from.
  private record Spec(WebhookMapping mapping, Cluster cluster) {}

  static String partId(WebhookMapping mapping) {
    return "webhooks " + mapping.name();
  }

  /// One for each binding that some listener leads to.
  List<Part> parts(Plan plan) {
    return plan.listeners().stream()
        .flatMap(listener -> mappings(listener).stream())
        .distinct()
        .map(mapping -> part(plan, mapping))
        .toList();
  }

  private static List<WebhookMapping> mappings(Listener listener) {
    return listener.service() instanceof Listener.Service.Http(var http)
        ? http.routes().stream()
            .map(HttpService.HttpRoute::exit)
            .filter(HttpService.Exit.Webhooks.class::isInstance)
            .map(exit -> ((HttpService.Exit.Webhooks) exit).mapping())
            .toList()
        : List.of();
  }

  private Part part(Plan plan, WebhookMapping mapping) {
    var spec = new Spec(mapping, plan.cluster(mapping.cluster()));
    var needs = List.of(Clusters.partId(mapping.cluster()));
    return new Part(partId(mapping), spec, needs, () -> new Running(spec));
  }

  /// The inbox of that name, if it runs.
  Optional<Inbox> find(WebhookMapping mapping) {
    return Optional.ofNullable(running.get(mapping.name()));
  }

  /// The inbox of that name, which runs.
  Inbox of(WebhookMapping mapping) {
    var inbox = running.get(mapping.name());
    if (inbox == null) {
      throw new IllegalStateException("the webhooks of " + mapping.name() + " do not run");
    }
    return inbox;
  }

  /// One binding at work.
  private final class Running implements Part.Running {
    private final Spec spec;
    private final Inbox inbox;

    Running(Spec spec) {
      this.spec = spec;
      var cluster = spec.cluster.name();
      var needs =
          new Inbox.Needs(
              clusters.log(cluster),
              clusters.topicMaker(cluster),
              registries.apply(spec.mapping),
              Time.system(),
              metrics);
      this.inbox = new Inbox(spec.mapping, needs);
      running.put(spec.mapping.name(), inbox);
    }

    @Override
    public boolean canAdopt(Part next) {
      return next.spec() instanceof Spec other && other.cluster.equals(spec.cluster);
    }

    @Override
    public void adopt(Part next) {
      inbox.adopt(((Spec) next.spec()).mapping);
    }

    @Override
    public void stop() {
      running.remove(spec.mapping.name());
      inbox.close();
    }
  }
}
