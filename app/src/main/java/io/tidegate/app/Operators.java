package io.tidegate.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.admin.AdminRouter;
import io.tidegate.admin.ApiRouter;
import io.tidegate.admin.EndpointParts;
import io.tidegate.admin.Health;
import io.tidegate.admin.OperatorGate;
import io.tidegate.admin.OutboxParts;
import io.tidegate.admin.OutboxRouter;
import io.tidegate.admin.PumpDesk;
import io.tidegate.base.Secret;
import io.tidegate.http.Router;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// What operators reach, and how they are known. The key is made with the first listener of theirs.
final class Operators {
  private final Settings settings;
  private final KeyFiles keys;
  private final Supplier<Optional<EndpointParts>> endpoints;
  private final Supplier<List<PumpDesk>> pumps;
  private final Supplier<Optional<OutboxParts>> outbox;
  private Optional<KeyFiles.Found> key = Optional.empty();

  /// @param pumps those that run
  /// @param outbox event destinations, while there are any
  Operators(
      Settings settings,
      KeyFiles keys,
      Supplier<Optional<EndpointParts>> endpoints,
      Supplier<List<PumpDesk>> pumps,
      Supplier<Optional<OutboxParts>> outbox) {
    this.settings = settings;
    this.keys = keys;
    this.endpoints = endpoints;
    this.pumps = pumps;
    this.outbox = outbox;
  }

  AdminRouter router(Health health, PrometheusMeterRegistry metrics) {
    if (settings.admin().isEmpty()) {
      return new AdminRouter(health, metrics);
    }
    if (key.isEmpty()) {
      key = Optional.of(keys.adminKey());
    }
    var gate = new OperatorGate(key.get().key(), hosts(settings.admin().get()));
    var workers = Executors.newVirtualThreadPerTaskExecutor();
    var destinations = new OutboxRouter(gate, outbox, workers);
    return new AdminRouter(
        health, metrics, new ApiRouter(gate, endpoints, pumps, destinations, workers));
  }

  /// What tenants of event destinations reach, on whatever listener leads there.
  Router forTenants() {
    return OutboxRouter.forTenants(outbox, Executors.newVirtualThreadPerTaskExecutor());
  }

  /// The name that the listener is bound to, and those of TIDEGATE_ADMIN_HOSTS.
  private Set<String> hosts(Settings.Address address) {
    var hosts = new HashSet<String>();
    hosts.add(address.host());
    var more = keys.environment().apply("TIDEGATE_ADMIN_HOSTS");
    if (more != null) {
      Arrays.stream(more.split(",")).map(String::strip).forEach(hosts::add);
    }
    return hosts;
  }

  /// The key, when it was made just now: to be shown, this once.
  Optional<Secret> newKey() {
    return key.filter(KeyFiles.Found::isNew).map(KeyFiles.Found::key);
  }
}
