package io.tidegate.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A plan as people read it: listeners with their routes, topics, clusters. Shows no secrets.
public final class PlanText {
  private final StringBuilder out = new StringBuilder();

  private PlanText() {}

  public static String of(Plan plan) {
    var text = new PlanText();
    text.title("listeners");
    plan.listeners().forEach(text::listener);
    if (!plan.pumps().isEmpty()) {
      text.title("pumps");
      plan.pumps().forEach(text::pump);
    }
    plan.destinations().ifPresent(text::destinations);
    text.title("topics");
    plan.topics().forEach(text::topic);
    if (!plan.models().isEmpty()) {
      text.title("models");
      plan.models().forEach(text::model);
    }
    text.title("clusters");
    plan.clusters().forEach(text::cluster);
    if (!plan.guards().isEmpty()) {
      text.title("guards");
      plan.guards().forEach(guard -> text.line("  %s", guard.name()));
    }
    text.telemetry(plan.telemetry());
    return text.out.toString();
  }

  private void title(String title) {
    out.append(out.isEmpty() ? "" : "\n").append(title).append('\n');
  }

  private void line(String form, Object... values) {
    out.append(form.formatted(values).stripTrailing()).append('\n');
  }

  private void listener(Listener listener) {
    var scheme =
        switch (listener.service()) {
          case Listener.Service.Http _ -> listener.tls().isPresent() ? "https" : "http";
          case Listener.Service.Echo _ -> listener.tls().isPresent() ? "tls" : "tcp";
        };
    for (var port : listener.ports()) {
      line(
          "  %s://%s:%d   %s%s",
          scheme,
          listener.host(),
          port,
          listener.name(),
          listener.proxied() ? ", callers by the PROXY protocol" : "");
    }
    listener.tls().ifPresent(this::tls);
    switch (listener.service()) {
      case Listener.Service.Echo _ -> line("    every byte -> echo");
      case Listener.Service.Http(var http) -> {
        http.checks().forEach(this::check);
        http.routes().forEach(this::httpRoute);
      }
    }
  }

  private void tls(TlsServer tls) {
    line(
        "    %s with %s%s%s%s",
        tls.versions().stream().map(Object::toString).sorted().collect(Collectors.joining(", ")),
        String.join(", ", tls.keys().aliases()),
        tls.names().isEmpty() ? "" : " for " + String.join(", ", tls.names()),
        tls.protocols().isEmpty() ? "" : ", alpn " + String.join(", ", tls.protocols()),
        switch (tls.certificate()) {
          case NONE -> "";
          case REQUESTED -> ", client certificate requested";
          case REQUIRED -> ", client certificate required";
        });
    for (var route : tls.routes()) {
      var when = route.when().stream().map(PlanText::match).collect(Collectors.joining(", or "));
      if (!when.isEmpty() || !route.guarded().isEmpty()) {
        line("    %s%s", when.isEmpty() ? "any name" : when, guarded(route.guarded()));
      }
    }
  }

  private static String match(TlsServer.Match match) {
    var parts = new ArrayList<String>();
    match.name().ifPresent(name -> parts.add("name " + name));
    match.protocol().ifPresent(protocol -> parts.add("alpn " + protocol));
    if (!match.ports().isEmpty()) {
      parts.add("port " + match.ports());
    }
    return parts.isEmpty() ? "any name" : String.join(" and ", parts);
  }

  private void check(RequestCheck check) {
    line("    %s %s is checked", check.method().orElse("any"), check.path());
  }

  private void httpRoute(HttpService.HttpRoute route) {
    var when =
        route.when().isEmpty()
            ? "any request"
            : route.when().stream()
                .map(match ->
                    match.headers().stream()
                        .map(it -> it.name() + " " + it.pattern())
                        .collect(Collectors.joining(" and ")))
                .collect(Collectors.joining(", or "));
    var guarded = guarded(route.guarded());
    switch (route.exit()) {
      case HttpService.Exit.Echo _ -> line("    %s%s -> echo", when, guarded);
      case HttpService.Exit.Proxy proxy ->
          line("    %s%s -> %s", when, guarded, address(proxy, "http"));
      case HttpService.Exit.WebSockets(var service) -> {
        line("    %s%s -> %s", when, guarded, service.name());
        service.routes().forEach(this::wsRoute);
      }
      case HttpService.Exit.Topics(var mapping) -> {
        line("    %s%s -> %s", when, guarded, mapping.name());
        mapping.routes().forEach(this::kafkaRoute);
      }
      case HttpService.Exit.Streams(var mapping) -> {
        line("    %s%s -> %s", when, guarded, mapping.name());
        mapping.branches().forEach(this::streamBranch);
      }
      case HttpService.Exit.Files(var mapping) -> {
        line("    %s%s -> %s", when, guarded, mapping.name());
        mapping.routes().forEach(this::fileRoute);
      }
      case HttpService.Exit.Tenants() ->
          line("    %s%s -> the API of event destinations, for tenants", when, guarded);
      case HttpService.Exit.Webhooks(var mapping) -> {
        line("    %s%s -> %s", when, guarded, mapping.name());
        webhooks(mapping);
      }
    }
  }

  private void webhooks(WebhookMapping mapping) {
    var topics =
        mapping.topics().isEmpty()
            ? "no topic"
            : mapping.topics().stream().map(Pattern::toString).collect(Collectors.joining(", "));
    var token = mapping.token().isPresent() ? ", with the token" : "";
    line("      %-7s %-40s -> produce to %s%s", "POST", "/topics/{name}", topics, token);
    for (var endpoint : mapping.endpoints()) {
      line(
          "      %-7s %-40s -> produce to %s, verification %s%s",
          "POST",
          "/e/" + endpoint.id().substring(0, 8) + "… (" + endpoint.name() + ")",
          endpoint.topic(),
          endpoint.preset(),
          endpoint.terms().inMemory() ? ", acknowledged from memory" : "");
    }
    if (mapping.registry().enabled()) {
      line("      %-7s %-40s -> endpoints of the registry", "POST", "/e/{id}");
    }
  }

  private void wsRoute(WsService.Route route) {
    var when = route.when().stream().map(PlanText::match).collect(Collectors.joining(", or "));
    line(
        "      %s%s -> %s",
        when.isEmpty() ? "any websocket" : when,
        guarded(route.guarded()),
        switch (route.target()) {
          case WsService.Target.Echo _ -> "echo";
          case WsService.Target.Server server -> address(server.server(), "ws");
        });
  }

  private static String match(WsService.Match match) {
    var parts = new ArrayList<String>();
    match.protocol().ifPresent(it -> parts.add("protocol " + it));
    match.scheme().ifPresent(it -> parts.add("scheme " + it));
    match.authority().ifPresent(it -> parts.add("authority " + it));
    match.path().ifPresent(it -> parts.add("path " + it));
    return parts.isEmpty() ? "any websocket" : String.join(" and ", parts);
  }

  private static String address(HttpService.Exit.Proxy server, String scheme) {
    return "%s%s://%s:%d"
        .formatted(scheme, server.tls().isPresent() ? "s" : "", server.host(), server.port());
  }

  private static String guarded(List<Guarded> demands) {
    return demands.stream()
        .map(it -> ", guarded by " + it.guard() + " " + it.roles())
        .collect(Collectors.joining());
  }

  private void kafkaRoute(KafkaMapping.Route route) {
    var does = action(route.action()) + guarded(route.guarded());
    if (route.when().isEmpty()) {
      line("      %-7s %-40s -> %s", "any", "any path", does);
    }
    for (var when : route.when()) {
      line(
          "      %-7s %-40s -> %s",
          when.method().orElse("any"), when.path().map(Pattern::toString).orElse("any path"), does);
    }
  }

  private void streamBranch(StreamMapping.Branch branch) {
    line("      under %s%s", paths(branch.paths()), guarded(branch.guarded()));
    for (var route : branch.routes()) {
      line(
          "        GET   %-40s -> stream of %s%s%s",
          paths(route.paths()), route.topic(), filters(route.filters()), guarded(route.guarded()));
    }
  }

  private static String paths(List<Pattern> paths) {
    return paths.isEmpty()
        ? "any path"
        : paths.stream().map(Pattern::toString).collect(Collectors.joining(", or "));
  }

  private void fileRoute(FileMapping.Route route) {
    var does =
        switch (route.target()) {
          case FileMapping.Target.File(var path) -> "file " + path;
          case FileMapping.Target.Listing(var path) -> ("names in " + path).strip();
        };
    var where = route.folder().followsLinks() ? ", links followed" : "";
    var whens =
        route.when().isEmpty()
            ? List.of(new FileMapping.When(Optional.empty(), Optional.empty()))
            : route.when();
    for (var when : whens) {
      line(
          "      %-7s %-40s -> %s below %s%s%s",
          when.method().orElse("GET"),
          when.path().map(Pattern::toString).orElse("any path"),
          does,
          route.folder().location().getFileName(),
          where,
          guarded(route.guarded()));
    }
  }

  private static String action(KafkaMapping.Action action) {
    return switch (action) {
      case KafkaMapping.Produce produce ->
          "produce to "
              + produce.topic()
              + produce.key().map(key -> ", key " + key).orElse("")
              + produce
                  .correlation()
                  .map(it ->
                      ", reply from "
                          + it.replyTo()
                          + " within "
                          + it.limit().toSeconds()
                          + " s"
                          + (it.async().isEmpty() ? "" : ", or later"))
                  .orElse("");
      case KafkaMapping.Fetch fetch ->
          "fetch "
              + (fetch.merge().isPresent() ? "all" : "the newest")
              + " of "
              + fetch.topic()
              + filters(fetch.filters());
    };
  }

  private static String filters(List<KafkaMapping.Filter> filters) {
    return filters.isEmpty()
        ? ""
        : filters.stream()
            .map(PlanText::filter)
            .collect(Collectors.joining(", or ", ", where ", ""));
  }

  private static String filter(KafkaMapping.Filter filter) {
    var parts = new ArrayList<String>();
    filter.key().ifPresent(key -> parts.add("key is " + key));
    filter.headers().forEach(header -> parts.add(header.name() + " is " + header.value()));
    return String.join(" and ", parts);
  }

  private void pump(Pump pump) {
    PumpText.of(pump).forEach(line -> line("  %s", line));
  }

  private void destinations(Destinations destinations) {
    title("event destinations");
    PumpText.of(destinations).forEach(line -> line("  %s", line));
  }

  private void topic(Topic topic) {
    var uses = topic.viewed() ? topic.live() ? "viewed from its end" : "viewed" : "";
    line(
        "  %-28s %-10s %-8s %s",
        topic.name(), topic.compacted() ? "compacted" : "", uses, "on " + topic.cluster());
  }

  private void model(TopicModel model) {
    var parts = new ArrayList<String>();
    model.key().ifPresent(key -> parts.add("key " + key));
    model.value().ifPresent(value -> parts.add("value " + value));
    var side =
        switch (model.side()) {
          case WRITTEN -> "written";
          case READ -> "read";
        };
    line("  %-28s %-10s %s", model.topics(), side, String.join(", ", parts));
  }

  private void cluster(Cluster cluster) {
    switch (cluster.servers()) {
      case Cluster.Servers.Embedded _ -> line("  %-28s the Kafka node inside", cluster.name());
      case Cluster.Servers.External external ->
          line(
              "  %-28s %s%s%s",
              cluster.name(),
              String.join(", ", external.bootstrap()),
              external.tls().isPresent() ? ", TLS" : "",
              external.sasl().map(PlanText::sasl).orElse(""));
    }
  }

  private static String sasl(Cluster.Sasl sasl) {
    return switch (sasl) {
      case Cluster.Sasl.Plain plain -> ", SASL PLAIN as " + plain.user();
      case Cluster.Sasl.Scram scram -> ", SASL SCRAM-SHA-" + scram.hash() + " as " + scram.user();
      case Cluster.Sasl.OauthBearer _ -> ", SASL OAUTHBEARER";
    };
  }

  private void telemetry(Telemetry telemetry) {
    if (telemetry.accessLog() || !telemetry.prometheus().isEmpty()) {
      title("telemetry");
      if (telemetry.accessLog()) {
        line("  every accepted request on standard output");
      }
      telemetry
          .prometheus()
          .forEach(it -> line("  metrics at http://%s:%d%s", it.host(), it.port(), it.path()));
    }
  }
}
