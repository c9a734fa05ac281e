package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.DeliveryTerms;
import io.tidegate.config.Fault;
import io.tidegate.config.Glob;
import io.tidegate.config.KafkaHttp;
import io.tidegate.config.Route;
import io.tidegate.config.Template;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// `kafka-http` bindings with everything filled in, and what they say about topics.
final class Pumps {
  private final Clusters clusters;
  private final Topics topics;
  private final Faults faults;
  private final Outbounds outbounds;
  private final Pump.Check check;
  private final PumpLoops loops;

  Pumps(Clusters clusters, Topics topics, Outbounds outbounds, Faults faults, Pump.Check check) {
    this.clusters = clusters;
    this.topics = topics;
    this.faults = faults;
    this.check = check;
    this.outbounds = outbounds;
    this.loops = new PumpLoops(faults);
  }

  /// Empty when it cannot run; the fault is noted.
  Optional<Pump> pump(Binding binding, KafkaHttp kafka) {
    var options = kafka.options();
    var name = binding.namespace() + ":" + binding.name();
    var cluster = cluster(binding, kafka);
    var group = options.group().orElse("tidegate:" + binding.namespace() + "-" + binding.name());
    var routes = routes(name, cluster, kafka);
    checkLimits(options);
    declare(name, cluster, options);
    loops.add(new PumpLoops.Flow(binding, kafka, name, cluster, group));
    return routes.map(it ->
        new Pump(
            name,
            cluster,
            group,
            it,
            ordering(options.ordering()),
            options.idempotencyHeader(),
            retry(options.terms().retry()),
            patience(options.terms().timeouts()),
            limits(options.terms().limits(), options.ordering().by() != KafkaHttp.Order.NONE),
            breaker(options.terms().breaker()),
            signing(options),
            options.deadLetter().map(KafkaHttp.Topic::name)));
  }

  /// To be called when all pumps are known.
  void checkLoops() {
    loops.check();
  }

  /// The one cluster that holds all of its topics.
  private String cluster(Binding binding, KafkaHttp kafka) {
    var entry = binding.entry().orElseThrow();
    var found = new LinkedHashSet<String>();
    for (var route : kafka.routes()) {
      for (var when : route.when()) {
        found.add(clusters.behind(entry, Template.literal(when.place(), when.topic())));
      }
    }
    if (found.size() > 1) {
      faults.add(
          Fault.of(
              entry.place(),
              "the topics lie on different clusters: " + String.join(", ", found),
              "a kafka-http binding for each cluster"));
    }
    return found.stream().findFirst().orElse(Cluster.EMBEDDED);
  }

  /// One for each `when`, so that each has its own reply topic.
  private Optional<List<Pump.Route>> routes(String name, String cluster, KafkaHttp kafka) {
    var routes = new ArrayList<Pump.Route>();
    var complete = true;
    for (var route : kafka.routes()) {
      var exit = outbounds.of(route, kafka.options());
      complete &= exit.isPresent();
      for (var when : route.when()) {
        topics.pumped(cluster, when.topic(), name);
        when.replyTo().ifPresent(replyTo -> topics.kept(cluster, replyTo.name(), name));
        exit.ifPresent(it -> routes.add(route(when, route, it)));
      }
    }
    return complete ? Optional.of(routes) : Optional.empty();
  }

  private static Pump.Route route(
      KafkaHttp.Condition when,
      Route<KafkaHttp.Condition, Optional<KafkaHttp.With>> route,
      OutboundHttp exit) {
    var with = route.with();
    return new Pump.Route(
        when.topic(),
        when.key().map(Pumps::pattern),
        headers(when.headers()),
        when.replyTo().map(KafkaHttp.Topic::name),
        with.flatMap(KafkaHttp.With::method),
        with.flatMap(KafkaHttp.With::scheme),
        with.flatMap(KafkaHttp.With::authority),
        with.flatMap(KafkaHttp.With::path),
        Templates.headers(with.map(KafkaHttp.With::overrides).orElse(Map.of())),
        exit);
  }

  private static Pattern pattern(Glob glob) {
    return Pattern.of(glob.text());
  }

  private static List<HttpService.HeaderPattern> headers(Map<String, Glob> named) {
    return named.entrySet().stream()
        .map(entry -> new HttpService.HeaderPattern(entry.getKey(), pattern(entry.getValue())))
        .toList();
  }

  private void declare(String name, String cluster, KafkaHttp.Options options) {
    options.deadLetter().ifPresent(topic -> topics.kept(cluster, topic.name(), name));
    options.secrets().ifPresent(topic -> topics.newestOfEachKey(cluster, topic.name(), name));
  }

  private void checkLimits(KafkaHttp.Options options) {
    var limits = options.terms().limits();
    if (limits.perKey().orElse(1L) > 1 && options.ordering().by() != KafkaHttp.Order.NONE) {
      faults.add(
          Fault.of(
              limits.place(),
              "'per-key' above 1 would break the order",
              "'per-key: 1', or 'ordering: none'"));
    }
  }

  private static Pump.Ordering ordering(KafkaHttp.Ordering ordering) {
    return switch (ordering.by()) {
      case KEY -> new Pump.Ordering.Key();
      case NONE -> new Pump.Ordering.None();
      case HEADER -> new Pump.Ordering.ByHeader(ordering.header().orElseThrow());
    };
  }

  static Pump.Retry retry(DeliveryTerms.Retry retry) {
    var attempts = retry.attempts();
    return new Pump.Retry(
        attempts.isPresent()
            ? OptionalInt.of(Math.toIntExact(attempts.get()))
            : OptionalInt.empty(),
        retry.initial(),
        retry.factor(),
        retry.max(),
        retry.jitter(),
        retry.expire(),
        retry.permanent().stream().map(it -> new Pump.StatusRange(it.first(), it.last())).toList(),
        retry.blocks());
  }

  static Pump.Patience patience(DeliveryTerms.Timeouts timeouts) {
    return new Pump.Patience(
        timeouts.connect(), timeouts.tls(), timeouts.firstByte(), timeouts.total());
  }

  /// @param ordered whether those of one key stay in order
  static Pump.Limits limits(DeliveryTerms.Limits limits, boolean ordered) {
    var perAuthority = Math.toIntExact(limits.perAuthority());
    var perKey = limits.perKey().map(Math::toIntExact).orElse(ordered ? 1 : perAuthority);
    var rate = limits.rate();
    return new Pump.Limits(
        Math.toIntExact(limits.inFlight()),
        perAuthority,
        perKey,
        rate.isPresent() ? OptionalDouble.of(rate.get()) : OptionalDouble.empty(),
        Math.toIntExact(limits.response()));
  }

  static Pump.Breaker breaker(DeliveryTerms.Breaker breaker) {
    return new Pump.Breaker(Math.toIntExact(breaker.failures()), breaker.pause(), breaker.max());
  }

  private Pump.Signing signing(KafkaHttp.Options options) {
    var rules = new ArrayList<Pump.Rule>();
    for (var read : options.signing()) {
      var url = read.when().map(Pumps::pattern).orElse(Pattern.of("*"));
      var rule = new Pump.Rule(url, read.preset(), read.parameters(), read.secrets());
      var found = check.faults(rule);
      if (!found.isEmpty()) {
        faults.add(Fault.of(read.place(), found.stream().collect(Collectors.joining("; "))));
      }
      rules.add(rule);
    }
    return new Pump.Signing(rules, options.secrets().map(KafkaHttp.Topic::name));
  }
}
