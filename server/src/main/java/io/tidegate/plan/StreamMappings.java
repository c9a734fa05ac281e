package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Glob;
import io.tidegate.config.Model;
import io.tidegate.config.Reference;
import io.tidegate.config.Route;
import io.tidegate.config.Sse;
import io.tidegate.config.SseKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `sse` server bindings with what is behind them, as routes with everything filled in.
final class StreamMappings {
  private final GatewayConfig config;
  private final Faults faults;
  private final Clusters clusters;
  private final Topics topics;

  StreamMappings(GatewayConfig config, Faults faults, Clusters clusters, Topics topics) {
    this.config = config;
    this.faults = faults;
    this.clusters = clusters;
    this.topics = topics;
  }

  StreamMapping mapping(Binding binding, Sse sse) {
    var options = sse.options();
    options.requests().stream()
        .filter(check -> check.content().filter(it -> !(it instanceof Model.Raw)).isPresent())
        .forEach(check -> faults.notYet(check.place(), "the validation of events"));
    var branches = new ArrayList<StreamMapping.Branch>();
    for (var route : sse.routes()) {
      var paths = route.when().stream().map(Sse.Condition::path).toList();
      branches.add(branch(route.guarded(), paths, route.exit()));
    }
    binding.exit().ifPresent(exit -> branches.add(branch(List.of(), List.of(), exit)));
    return new StreamMapping(
        binding.namespace() + ":" + binding.name(),
        new StreamMapping.Manner(
            options.retry(), options.heartbeat(), options.initialComment(), options.maxLag()),
        branches);
  }

  private StreamMapping.Branch branch(
      List<Route.Guarded> guarded, List<Optional<Glob>> paths, Reference exit) {
    var next = config.binding(exit);
    var routes = new ArrayList<StreamMapping.Route>();
    if (next.protocol() instanceof SseKafka mapping) {
      mapping.routes().forEach(route -> routes.add(route(next, route)));
    } // else it is refused by name already, see Unsupported
    return new StreamMapping.Branch(KafkaMappings.guarded(guarded), patterns(paths), routes);
  }

  private StreamMapping.Route route(
      Binding binding, Route<SseKafka.Condition, SseKafka.With> route) {
    var with = route.with();
    var cluster = clusters.behind(route.exit(), with.topic());
    var topic = Templates.of(with.topic());
    var by = binding.namespace() + ":" + binding.name();
    topic
        .constant()
        .ifPresent(
            name -> topics.streamed(cluster, name, KafkaMappings.headers(with.filters()), by));
    return new StreamMapping.Route(
        KafkaMappings.guarded(route.guarded()),
        patterns(route.when().stream().map(SseKafka.Condition::path).toList()),
        cluster,
        topic,
        KafkaMappings.filters(with.filters()),
        switch (with.eventId()) {
          case ETAG -> StreamMapping.EventId.ETAG;
          case KEY_AND_ETAG -> StreamMapping.EventId.KEY_AND_ETAG;
        },
        clusters.live(cluster));
  }

  /// One that is absent matches every path, and so all of them do.
  private static List<Pattern> patterns(List<Optional<Glob>> paths) {
    return paths.stream().anyMatch(Optional::isEmpty)
        ? List.of()
        : paths.stream().flatMap(Optional::stream).map(path -> Pattern.of(path.text())).toList();
  }
}
