package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.base.AddressRules;
import io.tidegate.base.Time;
import io.tidegate.delivery.Budget;
import io.tidegate.delivery.Courier;
import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.Verdicts;
import io.tidegate.http.Client;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.Ways;
import io.tidegate.plan.Destinations;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Plan;
import io.tidegate.vault.ClientTls;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What makes the deliveries of event destinations, as a part: it starts after the registries,
/// which say where to, and ends before them.
final class EventDeliveries {
  static final String PART = "event destinations";

  private static final long MEMORY = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Clusters clusters;
  private final Supplier<Optional<Outbox>> outbox;
  private final Function<OutboundHttp, Client> clients;
  private final Health health;
  private final MeterRegistry metrics;

  /// @param clients opens a client for an exit, which is closed with the part
  EventDeliveries(
      Clusters clusters,
      Supplier<Optional<Outbox>> outbox,
      Function<OutboundHttp, Client> clients,
      Health health,
      MeterRegistry metrics) {
    this.clusters = clusters;
    this.outbox = outbox;
    this.clients = clients;
    this.health = health;
    this.metrics = metrics;
  }

  Optional<Part> part(Plan plan) {
    return plan.destinations().map(planned -> part(planned));
  }

  private Part part(Destinations planned) {
    var needs = List.of(Clusters.partId(planned.cluster()), Registrations.PART);
    return new Part(PART, planned, needs, () -> new Running(planned));
  }

  private record Deliveries(Courier courier) implements Outbox.Deliveries {
    @Override
    public void wake(String key) {
      courier.wake(key);
    }

    @Override
    public CourierView.Queue queue(String key) {
      return courier.queue(key);
    }
  }

  /// Deliveries at work.
  private final class Running implements Part.Running {
    private final Client client;
    private final Courier courier;
    private final Runnable leave;

    Running(Destinations planned) {
      var running = outbox.get().orElseThrow();
      this.client = clients.apply(planned.exit());
      this.courier =
          new Courier(
              planned.pump(),
              new Courier.Needs(
                  clusters.log(planned.cluster()),
                  _ -> running.sender(planned.pump(), client, ways(planned)),
                  new Budget(MEMORY),
                  Time.system(),
                  metrics));
      courier.start();
      leave = running.deliveredBy(new Deliveries(courier));
      health.watch(PART, () -> courier.check().or(running::check));
    }

    private static Ways ways(Destinations planned) {
      var exit = planned.exit();
      return new Ways(
          AddressRules.of(exit.addresses().allow(), exit.addresses().deny()),
          exit.tls().map(tls -> () -> ClientTls.load(tls).context()),
          Verdicts.limits(planned.pump()));
    }

    @Override
    public void stop() {
      health.forget(PART);
      leave.run();
      courier.close();
      client.close();
    }
  }
}
