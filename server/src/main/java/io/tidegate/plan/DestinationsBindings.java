package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.EventDestinations;
import io.tidegate.config.Fault;
import io.tidegate.config.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `event-destinations` bindings with everything filled in. There is one at most, since tenants and
/// their destinations are one thing wherever they are asked for.
final class DestinationsBindings {
  private static final List<String> OVER_HTTP = List.of("webhook", "hookdeck");
  private static final List<String> DIRECT = List.of("kafka", "rabbitmq");

  private final Clusters clusters;
  private final Topics topics;
  private final Outbounds outbounds;
  private final Faults faults;
  private Optional<Destinations> planned = Optional.empty();
  private Optional<String> first = Optional.empty();

  DestinationsBindings(Clusters clusters, Topics topics, Outbounds outbounds, Faults faults) {
    this.clusters = clusters;
    this.topics = topics;
    this.outbounds = outbounds;
    this.faults = faults;
  }

  void add(Binding binding, EventDestinations events) {
    if (first.isPresent()) {
      faults.add(
          Fault.of(
              binding.place(),
              "event destinations are those of '" + first.get() + "' already",
              "one binding of this type"));
      return;
    }
    first = Optional.of(binding.name());
    var options = events.options();
    var deliveries = Template.literal(options.place(), Destinations.DELIVERIES);
    var cluster = clusters.behind(binding.entry().orElseThrow(), deliveries);
    planned =
        binding
            .exit()
            .flatMap(exit -> outbounds.of(exit, options.allow(), options.deny(), options.proxy()))
            .filter(exit -> keepsItsCredentials(binding, exit))
            .map(exit ->
                new Destinations(
                    options.topics(),
                    options.strict(),
                    options.signature(),
                    options.mostDestinations(),
                    types(binding, options, exit),
                    options.portal(),
                    sources(cluster, binding, options),
                    options.ordering().field(),
                    disabling(options.disabling()),
                    pump(binding, cluster, options, exit)));
  }

  /// Those that do not speak HTTP can go through no proxy, and not all to one server.
  private List<String> types(
      Binding binding, EventDestinations.Options options, OutboundHttp exit) {
    var direct = exit.fixed().isEmpty() && exit.proxy().isEmpty();
    if (options.types().isEmpty()) {
      return direct ? Stream.concat(OVER_HTTP.stream(), DIRECT.stream()).toList() : OVER_HTTP;
    }
    options.types().stream()
        .filter(type -> !direct && DIRECT.contains(type))
        .forEach(type ->
            faults.add(
                Fault.of(
                    binding.place(),
                    "destinations of type '"
                        + type
                        + "' cannot be reached through '"
                        + exit.name()
                        + "'",
                    "no 'proxy', and a tcp client without 'host' and 'port'")));
    return options.types().stream().distinct().toList();
  }

  private boolean keepsItsCredentials(Binding binding, OutboundHttp exit) {
    if (exit.wouldGiveAway()) {
      faults.add(
          Fault.of(
              binding.place(),
              "the credentials of '" + exit.name() + "' would go to any server that a tenant names",
              "an http client without 'authorization'"));
    }
    return true;
  }

  Optional<Destinations> planned() {
    return planned;
  }

  private List<EventSource> sources(
      String cluster, Binding binding, EventDestinations.Options options) {
    var sources = new ArrayList<EventSource>();
    for (var read : options.sources()) {
      if (sources.stream().anyMatch(each -> each.topic().equals(read.topic()))) {
        faults.add(Fault.of(read.place(), "the topic is a source already", "each topic once"));
      }
      topics.kept(cluster, read.topic(), binding.namespace() + ":" + binding.name());
      sources.add(
          new EventSource(
              read.topic(),
              from(read.tenant()),
              from(read.eventTopic()),
              from(read.id()),
              read.metadata()));
    }
    return sources;
  }

  private static EventSource.From from(EventDestinations.From read) {
    if (read.header().isPresent()) {
      return new EventSource.From.Header(read.header().get());
    }
    if (read.value().isPresent()) {
      return new EventSource.From.Value(read.value().get());
    }
    return switch (read.of().orElse("position")) {
      case "key" -> new EventSource.From.Key();
      case "topic" -> new EventSource.From.Topic();
      default -> new EventSource.From.Position();
    };
  }

  private static Pump.Ordering ordering(EventDestinations.Ordering ordering) {
    return switch (ordering.by()) {
      case NONE -> new Pump.Ordering.None();
      case DESTINATION -> new Pump.Ordering.Key();
      case FIELD -> new Pump.Ordering.ByHeader(Destinations.ORDER);
    };
  }

  private static Destinations.Disabling disabling(EventDestinations.Disabling read) {
    return new Destinations.Disabling(
        Math.toIntExact(read.failures()), read.lasting(), read.atMost());
  }

  private static Pump pump(
      Binding binding, String cluster, EventDestinations.Options options, OutboundHttp exit) {
    var terms = options.terms();
    return new Pump(
        binding.namespace() + ":" + binding.name(),
        cluster,
        "tidegate:" + binding.namespace() + "-" + binding.name(),
        List.of(route(exit)),
        ordering(options.ordering()),
        "idempotency-key",
        Pumps.retry(terms.retry()),
        Pumps.patience(terms.timeouts()),
        Pumps.limits(terms.limits(), options.ordering().by() != EventDestinations.Order.NONE),
        Pumps.breaker(terms.breaker()),
        Pump.Signing.NONE,
        Optional.empty());
  }

  private static Pump.Route route(OutboundHttp exit) {
    return new Pump.Route(
        Destinations.DELIVERIES,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        exit);
  }
}
